// Why an evidence file proves nothing, or not what was asked: a stable code, and what to do next.

const nextSteps = {
  line_invalid: 'The file was not written by a relay, or was changed since. Export it again and compare.',
  file_incomplete: 'The file ends early: the transfer was cut, or lines are missing. Export it again.',
  header_differs: 'Header and events do not belong together. Export it again; do not rely on this file.',
  seq_gap: 'An event is missing, doubled or out of order. Do not rely on this file; export the range again.',
  root_differs:
    'Some line is not the one that was signed. Do not rely on this file; export it again, and keep this one.',
  checkpoint_missing: 'A checkpoint that the record names is not in the file. Export the range again.',
  checkpoint_invalid: 'A checkpoint is not readable as one of this workspace. Export the range again.',
  signature_wrong: 'A signature is not what it claims to be. Do not rely on this file.',
  key_unknown:
    'No key that you gave signed this. Ask for the workspace’s verifier key (verb audit.key) on another way than the file.',
  sealed_differs: 'A text is not the one that was committed to. Do not rely on the texts of this file.',
  sealed_missing: 'A text is missing from the reviewers’ edition. Export it again.',
  last_seen_invalid:
    'Give a checkpoint of this workspace that was kept as it was shown, signatures included.',
  last_seen_ahead:
    'The record once held more events than this file: it was cut back, or the file is old. Export again; if it stays, the relay’s data was cut.',
  last_seen_differs:
    'The record is not the one that you saw: it was changed since. Keep both, and ask who has access.',
  last_seen_unproven: 'Export the range again with this checkpoint’s size, so that the proof is in the file.',
  witness_missing:
    'The witness did not co-sign the checkpoint that you gave. Ask the witness for its newest.',
} as const;

export type DoubtCode = keyof typeof nextSteps;

export interface Doubt {
  readonly code: DoubtCode;
  /** What was found. */
  readonly text: string;
  readonly next: string;
  /** In the file, from 1; null where it is not about one line. */
  readonly line: number | null;
}

export function doubt(code: DoubtCode, text: string, line: number | null = null): Doubt {
  return { code, text, next: nextSteps[code], line };
}
