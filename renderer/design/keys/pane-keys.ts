import type { KeyRow } from './key-row.ts';

/** Panes of a tab. Borders are moved by the keys of Windows Terminal. */
export const paneKeys = {
  splitRight: {
    chord: 'Control+Shift+KeyB',
    scope: 'everywhere',
    group: 'Panes',
    does: 'Split: another session on the same machine, on the right',
  },
  splitDown: {
    chord: 'Control+Shift+KeyJ',
    scope: 'everywhere',
    group: 'Panes',
    does: 'Split: another session on the same machine, below',
  },
  paneLeft: {
    chord: 'Control+Shift+ArrowLeft',
    scope: 'everywhere',
    group: 'Panes',
    does: 'Type in the pane on the left',
    repeats: true,
  },
  paneRight: {
    chord: 'Control+Shift+ArrowRight',
    scope: 'everywhere',
    group: 'Panes',
    does: 'Type in the pane on the right',
    repeats: true,
  },
  paneUp: {
    chord: 'Control+Shift+ArrowUp',
    scope: 'everywhere',
    group: 'Panes',
    does: 'Type in the pane above',
    repeats: true,
  },
  paneDown: {
    chord: 'Control+Shift+ArrowDown',
    scope: 'everywhere',
    group: 'Panes',
    does: 'Type in the pane below',
    repeats: true,
  },
  borderLeft: {
    chord: 'Alt+Shift+ArrowLeft',
    scope: 'everywhere',
    group: 'Panes',
    does: 'Move the border of the pane to the left',
    repeats: true,
  },
  borderRight: {
    chord: 'Alt+Shift+ArrowRight',
    scope: 'everywhere',
    group: 'Panes',
    does: 'Move the border of the pane to the right',
    repeats: true,
  },
  borderUp: {
    chord: 'Alt+Shift+ArrowUp',
    scope: 'everywhere',
    group: 'Panes',
    does: 'Move the border of the pane up',
    repeats: true,
  },
  borderDown: {
    chord: 'Alt+Shift+ArrowDown',
    scope: 'everywhere',
    group: 'Panes',
    does: 'Move the border of the pane down',
    repeats: true,
  },
  zoomPane: {
    chord: 'Control+Shift+KeyZ',
    scope: 'everywhere',
    group: 'Panes',
    does: 'Zoom the pane, or show all panes again',
  },
  paneApart: {
    chord: 'Control+Shift+KeyA',
    scope: 'everywhere',
    group: 'Panes',
    does: 'Move the pane into a tab of its own',
  },
} as const satisfies Record<string, KeyRow>;
