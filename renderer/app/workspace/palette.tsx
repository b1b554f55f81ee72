import { useContext, useMemo } from 'react';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { BoundActionsContext } from '../../design/keys/bound-actions.ts';
import type { BoundActions } from '../../design/keys/bound-actions.ts';
import { KeyBindingsContext } from '../../design/keys/key-bindings.ts';
import type { KeyBindings } from '../../design/keys/key-bindings.ts';
import { keyTable } from '../../design/keys/key-table.ts';
import type { KeyAction } from '../../design/keys/key-table.ts';
import { useKeys } from '../../design/keys/use-keys.ts';
import { PaletteScreen } from '../../features/palette/index.ts';
import type { PaletteItem } from '../../features/palette/index.ts';

/** The palette itself, and second keys of what has another. */
const NOT_OFFERED: ReadonlySet<KeyAction> = new Set(['palette', 'help', 'slash']);

/** Moves within lists are of no use from a list of names. */
function isOffered(action: KeyAction): boolean {
  return !NOT_OFFERED.has(action) && !('moves' in keyTable[action]);
}

function boundItems(bound: BoundActions | null, { chordsOf }: KeyBindings): readonly PaletteItem[] {
  return (bound?.now() ?? [])
    .filter(({ action }) => isOffered(action))
    .map(({ action, run }) => {
      const { does, group } = keyTable[action];
      return { id: action, title: does, group, chord: chordsOf(action)[0] ?? null, run };
    });
}

interface PaletteProps {
  readonly frame: WorkspaceFrame;
  readonly open: boolean;
  readonly enabled: boolean;
  /** What has no key of its own. */
  readonly more: () => readonly PaletteItem[];
  readonly onOpen: (open: boolean) => void;
}

/** The palette and its key. */
export function Palette({ frame, open, enabled, more, onOpen }: PaletteProps) {
  useKeys({ palette: () => onOpen(true) }, enabled && !open);
  return open && <OpenPalette frame={frame} more={more} onClose={() => onOpen(false)} />;
}

function OpenPalette({
  frame,
  more,
  onClose,
}: Pick<PaletteProps, 'frame' | 'more'> & { readonly onClose: () => void }) {
  const bound = useContext(BoundActionsContext);
  const bindings = useContext(KeyBindingsContext);
  // As it was when the palette opened: while it stands, the page below takes no keys.
  // oxlint-disable-next-line react/exhaustive-deps
  const items = useMemo(() => [...more(), ...boundItems(bound, bindings)], []);
  return (
    <PaletteScreen
      items={items}
      frame={frame}
      onClose={(chosen) => {
        onClose();
        chosen?.run();
      }}
    />
  );
}
