import { useStore } from 'zustand';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { useWhileSeen } from '../../design/use-while-seen.ts';
import { StreamDialog } from './stream-dialog.tsx';
import type { StreamStore } from './stream-store.ts';

/** How often the relay is asked how far it is, while somebody looks. */
const REFRESH_MS = 2000;

export function Stream({ stream, frame }: { stream: StreamStore; frame: WorkspaceFrame }) {
  const state = useStore(stream.store);
  useWhileSeen(state.kind === 'open' ? REFRESH_MS : null, () => void stream.refresh());
  if (state.kind === 'closed') return null;
  return <StreamDialog state={state} frame={frame} actions={stream} />;
}
