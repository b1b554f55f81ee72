import type { ReactNode } from 'react';
import type { LauncherState } from '#contract/window-state.ts';
import { FrameEditor, LauncherScreen } from '../features/launcher/index.ts';
import { launcher } from './gallery-data.ts';

const nothing = () => undefined;

const screenOf = (state: LauncherState) => (
  <LauncherScreen
    state={state}
    failure={null}
    onOpen={nothing}
    onCancel={nothing}
    onDismiss={nothing}
    onAdd={nothing}
    onForget={nothing}
    onChangeFrame={nothing}
    onTheme={nothing}
  />
);
const [first, second] = launcher.workspaces;
if (first === undefined || second === undefined) throw new Error('the gallery knows two clients');

export const launcherScreens: Readonly<Record<string, () => ReactNode>> = {
  launcher: () => screenOf(launcher),
  switch: () => screenOf({ ...launcher, mode: { kind: 'switch', from: second } }),
  empty: () =>
    screenOf({
      workspaces: [],
      mode: { kind: 'open' },
      notice: { code: 'link_unknown_client', text: 'That link names a client this computer does not know.' },
    }),
  look: () => (
    <>
      {screenOf(launcher)}
      <FrameEditor row={first} others={launcher.workspaces.slice(1)} onSave={nothing} onClose={nothing} />
    </>
  ),
};
