/** Where a key works. `everywhere`: in fields and terminals too, so it needs Ctrl+Shift or Alt. */
export type KeyScope =
  | 'everywhere'
  | 'workspace'
  /** In a workspace, but not in the review, which has a search of its own. */
  | 'search'
  | 'machines'
  | 'card'
  | 'review'
  | 'player'
  | 'sign_in'
  | 'launcher'
  | 'add'
  | 'paste'
  | 'enrollment'
  | 'runbooks'
  | 'import'
  | 'ended';

export interface KeyRow {
  readonly chord: string;
  /** Other chords for the same. */
  readonly also?: readonly string[];
  readonly scope: KeyScope;
  readonly group: string;
  readonly does: string;
  /** Moves within a list: of no use in the palette. */
  readonly moves?: true;
  /** Held down, it goes on. Every other action happens once for each press. */
  readonly repeats?: true;
}
