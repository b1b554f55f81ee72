// Every screen with made-up data, for looking at: `npx vite renderer`, then /gallery/#machines and so on.
// Presentational components only; no bridge, no relay. Not part of the product's build.
// The text of a terminal here is written by this page.
import { Fragment, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { FRAME_COLOURS, FRAME_GLYPHS } from '#protocol/workspace-frame.ts';
import { RecordNotice } from '../app/workspace/record-banner.tsx';
import windowStyles from '../app/workspace/workspace-window.module.css';
import '../design/tokens.css';
import { FrameMark } from '../design/frame-mark.tsx';
import { createEnterKeys, EnterKeysContext } from '../design/enter/enter-keys.ts';
import { KeyOverlay } from '../design/keys/key-overlay.tsx';
import { EnterHeld, LockScreen, ReverifyOverlay } from '../features/lock/index.ts';
import { PasteWarningScreen } from '../features/paste-warning/index.ts';
import { addClients, enrollDialog, enrolling, naming } from './adding-screens.tsx';
import { CommandsFound, Recording, ReviewedNight } from './review-screens.tsx';
import {
  busyPane,
  linkChosen,
  noLink,
  panes,
  runningPane,
  singlePane,
  troubledPanes,
  zoomedPane,
} from './pane-screens.tsx';
import { Sessions, Sheet, Shell } from './gallery-window.tsx';
import { keyScreens } from './key-screens.tsx';
import { launcherScreens } from './launcher-screens.tsx';
import { HostileNames } from './hostile-names.tsx';
import { importDialog, readImport, runbookPanels, wrongImport } from './runbook-screens.tsx';
import { signInScreens } from './sign-in-screens.tsx';
import { streamScreens } from './stream-screens.tsx';
import {
  alarmedCard,
  cardWith,
  closeOnly,
  found,
  loadingMachines,
  machinesOf,
  manyMachines,
  removing,
  renaming,
} from './machine-screens.tsx';
import { primary, westside } from '../testing/example-frames.ts';
import { machines, paste } from './gallery-data.ts';
import {
  idleScreen,
  policyConflict,
  policyDialog,
  policyKept,
  policyToRead,
  stayEnding,
  stepUpDialog,
} from './policy-screens.tsx';

const nothing = () => undefined;
const never = () => new Promise<never>(nothing);

const enroll = (state: Parameters<typeof enrollDialog>[0]) => (
  <Shell>
    {machinesOf(found(machines), { running: true })}
    {enrollDialog(state)}
  </Shell>
);

function over(dialog: ReactNode) {
  return (
    <>
      {machinesOf(found(machines))}
      {dialog}
    </>
  );
}

const screens: Readonly<Record<string, () => ReactNode>> = {
  ...launcherScreens,
  add: () => addClients(false),
  choose: () => addClients(true),
  enroll: () => enroll(naming),
  enrolling: () => enroll(enrolling),
  ...Object.fromEntries(
    signInScreens.map(([name, screen]) => [name, () => <Shell signedIn={false}>{screen}</Shell>]),
  ),
  machines: () => <Shell>{machinesOf(found(machines), { running: true })}</Shell>,
  search: () => <Shell>{machinesOf(found(machines.slice(4, 5), 'print'))}</Shell>,
  absence: () => <Shell alarm>{machinesOf(found([], 'PRIM-PRINT-01'))}</Shell>,
  card: () => <Shell>{cardWith(null)}</Shell>,
  alert: () => <Shell>{alarmedCard()}</Shell>,
  rename: () => <Shell>{cardWith(renaming)}</Shell>,
  remove: () => <Shell>{cardWith(removing)}</Shell>,
  many: () => <Shell>{manyMachines()}</Shell>,
  close: () => <Shell alarm>{closeOnly()}</Shell>,
  loading: () => <Shell>{loadingMachines()}</Shell>,
  panes: () => <Sessions make={panes} />,
  zoomed: () => <Sessions make={zoomedPane} />,
  troubled: () => <Sessions make={troubledPanes} />,
  'still-busy': () => <Sessions make={busyPane} />,
  session: () => <Sessions make={singlePane} />,
  run: () => <Sessions make={runningPane} />,
  link: () => <Sessions make={linkChosen} />,
  'no-link': () => <Sessions make={noLink} />,
  ...Object.fromEntries(
    Object.entries(runbookPanels).map(([name, panel]) => [
      name,
      () => <Sessions make={singlePane}>{panel()}</Sessions>,
    ]),
  ),
  held: () => (
    <Shell alarm said={<EnterHeld frame={westside} />}>
      {machinesOf(found(machines))}
    </Shell>
  ),
  import: () => <Shell>{over(importDialog())}</Shell>,
  'import-steps': () => <Shell>{over(readImport())}</Shell>,
  'import-wrong': () => <Shell>{over(wrongImport())}</Shell>,
  locked: () => (
    <Shell signedIn={false}>
      <LockScreen frame={westside} reason="switched" ending={false} onSignIn={nothing} />
    </Shell>
  ),
  ending: () => (
    <Shell banner={<div className={windowStyles['banner']}>{stayEnding()}</div>}>
      {machinesOf(found(machines))}
    </Shell>
  ),
  idle: () => <Shell signedIn={false}>{idleScreen()}</Shell>,
  policy: () => <Shell>{over(policyDialog())}</Shell>,
  retention: () => <Shell>{over(policyKept())}</Shell>,
  conflict: () => <Shell>{over(policyConflict())}</Shell>,
  rules: () => <Shell>{over(policyToRead())}</Shell>,
  ...Object.fromEntries(
    Object.entries(streamScreens).map(([name, dialog]) => [name, () => <Shell>{over(dialog())}</Shell>]),
  ),
  confirm: () => <Shell>{over(stepUpDialog())}</Shell>,
  reverify: () => (
    <Shell
      frame={primary}
      over={
        <ReverifyOverlay
          frame={primary}
          ports={{
            start: () => Promise.resolve({ kind: 'ask', factor: 'password' }),
            password: never,
            code: never,
          }}
          onLock={nothing}
        />
      }
    >
      {machinesOf(found(machines))}
    </Shell>
  ),
  review: () => (
    <Shell tabs="Review">
      <ReviewedNight />
    </Shell>
  ),
  'command-search': () => (
    <Shell tabs="Review">
      <CommandsFound />
    </Shell>
  ),
  'record-cut': () => (
    <Shell banner={<RecordNotice trouble={{ kind: 'cut', seenSize: 1204, size: 870 }} />}>
      {machinesOf(found(machines))}
    </Shell>
  ),
  player: () => (
    <Shell tabs="Review">
      <Recording />
    </Shell>
  ),
  paste: () => <PasteWarningScreen warning={paste} onDecide={nothing} />,
  keys: () => (
    <Shell>
      {machinesOf(found(machines))}
      <KeyOverlay onChange={nothing} onClose={nothing} />
    </Shell>
  ),
  ...keyScreens((screen) => <Shell>{over(screen)}</Shell>),
  names: () => (
    <Sheet>
      <HostileNames />
    </Sheet>
  ),
  marks: () => (
    <Sheet>
      <main style={{ display: 'flex', flexWrap: 'wrap', gap: 10, padding: 20 }}>
        <h1 style={{ width: '100%' }}>No client: the glyphs that a client’s mark can have</h1>
        {FRAME_GLYPHS.map((glyph, index) => (
          <FrameMark
            key={glyph}
            frame={{
              ...westside,
              glyph,
              colour: FRAME_COLOURS[index % 8] ?? 'sky',
              code: glyph.slice(0, 4).toUpperCase(),
            }}
          />
        ))}
      </main>
    </Sheet>
  ),
};

/** The screen that the address names after its #; without one, a list of all. */
function Gallery() {
  const name = useSyncExternalStore(onAddress, () => location.hash.slice(1));
  const screen = screens[name];
  if (screen !== undefined) return <Fragment key={name}>{screen()}</Fragment>;
  return (
    <ul>
      {Object.keys(screens).map((each) => (
        <li key={each}>
          <a href={`#${each}`}>{each}</a>
        </li>
      ))}
    </ul>
  );
}

function onAddress(changed: () => void): () => void {
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
}

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <EnterKeysContext value={createEnterKeys()}>
      <Gallery />
    </EnterKeysContext>,
  );
}
