// Copy and paste of workspace windows. The only user of Electron's clipboard.
import { clipboard } from 'electron';
import type { PasteAnswer } from '#contract/ipc.ts';
import type { OrgId } from '#protocol/ids.ts';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { emit } from '../ipc/emit.ts';
import type { WorkspaceWindow } from '../windows/workspace-window.ts';
import type { ClipboardLedger } from './ledger.ts';
import { decidePaste } from './paste-decision.ts';
import { sanitise } from './sanitise.ts';
import { selectionText } from './selection-text.ts';
import type { PasteWarnings } from './paste-warnings.ts';

export interface WorkspaceClipboardOptions {
  readonly ledger: ClipboardLedger;
  readonly warnings: PasteWarnings;
  readonly frameOf: (orgId: OrgId) => WorkspaceFrame | null;
}

export class WorkspaceClipboard {
  readonly #options: WorkspaceClipboardOptions;

  constructor(options: WorkspaceClipboardOptions) {
    this.#options = options;
  }

  async copy(window: WorkspaceWindow, text: string): Promise<void> {
    // A person copies in the window before them; a script in a background window replaces nothing.
    if (!window.browserWindow.isFocused()) return;
    this.#options.ledger.copied(window.orgId, text);
    // A promise from Electron 44 on.
    await clipboard.writeText(text);
  }

  /**
   * A drop or a middle click: a text whose way here the ledger cannot know, so it comes in from nowhere.
   * @param dropped null: the selection, which X11 pastes without any copy
   */
  async refuse(window: WorkspaceWindow, dropped: string | null): Promise<void> {
    const raw = dropped ?? (await selectionText());
    const { text, lines, bytes, controlChars } = sanitise(raw);
    if (text === '') return;
    const provenance = this.#options.ledger.provenance(window.orgId, raw).kind;
    emit(window.contents, 'paste.fieldReport', {
      provenance,
      lines,
      bytes,
      controlChars,
      decision: 'blocked',
    });
  }

  /** @param intoTerminal what runs in a terminal is looked at more closely than what a text field holds */
  async paste(window: WorkspaceWindow, intoTerminal: boolean): Promise<PasteAnswer> {
    const { ledger, warnings, frameOf } = this.#options;
    // A person pastes into the window before them; a script in a background window gets nothing.
    if (!window.browserWindow.isFocused()) return { kind: 'empty' };
    const { stay } = window;
    const raw = await clipboard.readText();
    const decision = decidePaste(ledger, window.orgId, raw, intoTerminal);
    if (decision.kind !== 'held') return decision;
    const { reason, from, sanitised, report } = decision;
    const { decision: _, ...counts } = report;
    warnings.hold({
      window,
      stay,
      counts,
      intoTerminal,
      warning: {
        reason,
        source: from === null ? null : frameOf(from),
        target: window.frame,
        ...sanitised,
      },
    });
    if (!intoTerminal) emit(window.contents, 'paste.fieldReport', report);
    return { kind: 'held', report };
  }
}
