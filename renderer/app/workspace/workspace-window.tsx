import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import type { Timers } from '../../connection/socket.ts';
import { Button } from '../../design/button.tsx';
import { EnterLine } from '../../design/enter/enter-line.tsx';
import { frameStyle } from '../../design/frame-colours.ts';
import { ErrorCode } from '../../design/error-code.tsx';
import { Gate } from '../../design/gate.tsx';
import { useKeys, useWindowNumbers } from '../../design/keys/use-keys.ts';
import { Notice } from '../../design/notice.tsx';
import { useNow } from '../../design/use-now.ts';
import {
  EnterHeld,
  LockScreen,
  ReverifyOverlay,
  StayEnding,
  StepUpDialog,
} from '../../features/lock/index.ts';
import { SignInScreen } from '../../features/sign-in/index.ts';
import type { SignInStore } from '../../features/sign-in/index.ts';
import type { RelayState } from '../../connection/relay-client.ts';
import type { RecordTrouble } from '../../connection/record-watch.ts';
import { RecordBanner } from './record-banner.tsx';
import type { WorkspaceController } from './workspace-controller.ts';
import { WorkspaceHeader } from './workspace-header.tsx';
import type { RelayLight } from './workspace-header.tsx';
import type { WorkspaceState } from './workspace-state.ts';
import styles from './workspace-window.module.css';
import { unheeded } from '../bridge.ts';
import { useAlarm } from './use-alarm.ts';
import { useEnterHeld } from './use-enter-held.ts';

interface WorkspaceWindowProps {
  readonly controller: WorkspaceController;
  readonly remembersDevice: boolean;
  readonly timers: Timers;
  /** Of the client's record. */
  readonly trouble: StoreApi<RecordTrouble | null>;
}

/** The frame, the header, and inside them whatever the window's life is at. */
export function WorkspaceWindow({ controller, remembersDevice, timers, trouble }: WorkspaceWindowProps) {
  const state = useStore(controller.store);
  const { frame, stage, reverifying } = state;
  const entry = stage.kind === 'inside' ? stage.entry : null;
  const { verb } = useStore(controller.stepUp.store);
  const enterHeld = useEnterHeld(timers);
  const alarm = useAlarm(stage.kind === 'inside' ? stage.inside : null);

  useKeys({
    lock: controller.lock,
    switchClient: controller.requestSwitch,
    launcher: controller.showLauncher,
    theme: () => unheeded(window.caisey.call('workspace.nextTheme')),
  });
  useWindowNumbers(controller.focusWindow);
  useEffect(() => {
    window.addEventListener('online', controller.networkChanged);
    return () => window.removeEventListener('online', controller.networkChanged);
  }, [controller]);

  return (
    <div
      className={styles['window']}
      style={frameStyle(frame.colour)}
      data-testid="workspace-frame"
      data-flash={enterHeld}
    >
      <WorkspaceHeader
        frame={frame}
        person={entry?.person.name ?? null}
        role={entry?.role ?? null}
        relay={relayLight(state)}
        alarm={alarm || enterHeld}
        onLock={entry === null ? null : controller.lock}
      />
      {entry !== null && <RecordBanner trouble={trouble} />}
      {state.ending !== null && (
        <div className={styles['banner']}>
          <StayEnding {...state.ending} onPresence={controller.stay} />
        </div>
      )}
      <div className={styles['stage']} inert={reverifying}>
        <StageView controller={controller} state={state} remembersDevice={remembersDevice} timers={timers} />
      </div>
      {reverifying && (
        <div className={styles['over']}>
          <ReverifyOverlay frame={frame} ports={controller.reverification} onLock={controller.lock} />
        </div>
      )}
      {verb !== null && (
        <StepUpDialog
          frame={frame}
          verb={verb}
          ports={controller.stepUp.ports}
          onCancel={controller.stepUp.cancel}
        />
      )}
      <EnterLine>{enterHeld && <EnterHeld frame={frame} />}</EnterLine>
    </div>
  );
}

function StageView({
  controller,
  state,
  remembersDevice,
  timers,
}: Omit<WorkspaceWindowProps, 'trouble'> & { state: WorkspaceState }) {
  const { frame, stage, relay, link, email, reverifying } = state;
  const { verb } = useStore(controller.stepUp.store);
  const covered = reverifying || verb !== null;
  switch (stage.kind) {
    case 'sign_in':
      return (
        <SignIn
          signIn={stage.signIn}
          frame={frame}
          email={email}
          linkWaiting={link !== null}
          remembersDevice={remembersDevice}
          onIdentify={controller.identify}
        />
      );
    case 'entering':
      return <Entering frame={frame} relay={relay} />;
    case 'inside':
      return <stage.inside.Screen inside={stage.inside} frame={frame} timers={timers} takesKeys={!covered} />;
    case 'refused':
      return (
        <Gate frame={frame} title="Not entered">
          <Notice
            tone="warn"
            role="alert"
            title={stage.error.text}
            actions={
              <Button
                kind="primary"
                onClick={controller.signInAgain}
                autoFocus
                chord="Enter"
                enter={`signs in to ${frame.name} again`}
              >
                Sign in again
              </Button>
            }
          >
            <ErrorCode code={stage.error.code} />
          </Notice>
        </Gate>
      );
    case 'locked':
      return (
        <LockScreen
          frame={frame}
          reason={stage.reason}
          ending={stage.ending}
          onSignIn={controller.signInAgain}
        />
      );
  }
}

function SignIn({
  signIn,
  onIdentify,
  ...rest
}: {
  signIn: SignInStore;
  frame: WorkspaceState['frame'];
  email: string;
  linkWaiting: boolean;
  remembersDevice: boolean;
  onIdentify: (email: string) => void;
}) {
  const state = useStore(signIn.store);
  return (
    <SignInScreen {...rest} state={state} note={null} actions={{ ...signIn.actions, identify: onIdentify }} />
  );
}

function Entering({ frame, relay }: { frame: WorkspaceState['frame']; relay: RelayState }) {
  const cause = relay.kind === 'connecting' ? relay.cause : null;
  return (
    <Gate frame={frame} title="Entering">
      {cause === null ? (
        <p className={styles['waiting']} role="status">
          Reaching the relay…
        </p>
      ) : (
        <Notice tone="warn" role="alert" title="The relay cannot be reached">
          {cause.code === 'unavailable' ? 'You are signed in; nothing more to type.' : cause.text}{' '}
          {relay.kind === 'connecting' && <Retry retryAtMs={relay.retryAtMs} />}
        </Notice>
      )}
    </Gate>
  );
}

/** For the eye: read aloud, a count would never end. */
function Retry({ retryAtMs }: { retryAtMs: number | null }) {
  const now = useNow(250);
  // Then no try can succeed, and the fault is near.
  if (!navigator.onLine) return 'This computer has no network.';
  const seconds = retryAtMs === null ? 0 : Math.ceil((retryAtMs - now) / 1000);
  return <span aria-hidden="true">{seconds > 0 ? `Next try in ${seconds} s.` : 'Trying now.'}</span>;
}

function relayLight({ stage, relay }: WorkspaceState): RelayLight {
  if (stage.kind === 'locked') return { dot: 'off', text: 'Locked' };
  if (stage.kind === 'inside' && relay.kind === 'entered') return { dot: 'good', text: 'Connected' };
  if (stage.kind === 'inside') {
    const retryAtMs = relay.kind === 'connecting' ? relay.retryAtMs : null;
    return { dot: 'waiting', text: 'Reconnecting.', note: <Retry retryAtMs={retryAtMs} /> };
  }
  return stage.kind === 'entering'
    ? { dot: 'waiting', text: 'Entering' }
    : { dot: 'off', text: 'Not signed in' };
}
