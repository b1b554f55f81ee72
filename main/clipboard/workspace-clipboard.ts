// Copy and paste of workspace windows. The only user of Electron's clipboard.
import { clipboard } from 'electron';
import type { PasteAnswer } from '#contract/ipc.ts';
import type { OrgId } from '#protocol/ids.ts';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { emit } from '../ipc/emit.ts';
import type { WorkspaceWindow } from '../windows/workspace-window.ts';
import type { ClipboardLedger } from './ledger.ts';
import { decidePaste } from './paste-decision.ts';
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
   * A drop or a middle click: whose text it was the ledger cannot know, so it comes in from nowhere. Nothing of it is
   * told, not even a size: a page could ask on and on what another client's is.
   */
  async refuse(window: WorkspaceWindow, how: 'drop' | 'selection'): Promise<void> {
    if (how === 'selection') {
      if (!window.browserWindow.isFocused() || (await selectionText()) === '') return;
    }
    emit(window.contents, 'paste.fieldReport', {
      provenance: 'outside',
      lines: 0,
      bytes: 0,
      controlChars: 0,
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
        machine: intoTerminal ? window.machine : null,
        ...sanitised,
      },
    });
    if (!intoTerminal) emit(window.contents, 'paste.fieldReport', report);
    return { kind: 'held', report };
  }
}
