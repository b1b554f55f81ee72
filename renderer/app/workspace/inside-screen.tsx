import { useContext, useEffect } from 'react';
import { useStore } from 'zustand';
import type { MachineId } from '#protocol/ids.ts';
import type { RunningSession, SessionRow } from '#protocol/records.ts';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import type { Timers } from '../../connection/socket.ts';
import { Key } from '../../design/key.tsx';
import { KeyBindingsContext } from '../../design/keys/key-bindings.ts';
import { KeyOverlay } from '../../design/keys/key-overlay.tsx';
import type { KeyAction } from '../../design/keys/key-table.ts';
import { useKeys } from '../../design/keys/use-keys.ts';
import { Enrollment } from '../../features/enrollment/index.ts';
import { KeyEditor } from '../../features/keys/index.ts';
import { Machines } from '../../features/machines/index.ts';
import { Policy } from '../../features/policy/index.ts';
import { Review } from '../../features/review/index.ts';
import { Runbooks } from '../../features/runbooks/index.ts';
import { SessionPanel, SessionTabs, withChosen, withNextTab } from '../../features/sessions/index.ts';
import type { KnownSession, Session } from '../../features/sessions/index.ts';
import { Stream } from '../../features/stream/index.ts';
import { unheeded } from '../bridge.ts';
import type { Inside, Place } from './inside.ts';
import styles from './inside-screen.module.css';
import { Palette } from './palette.tsx';
import { sessionItems } from './session-items.ts';
import { typeRun } from './type-run.ts';
import { useTarget } from './use-target.ts';

interface InsideScreenProps {
  readonly inside: Inside;
  readonly frame: WorkspaceFrame;
  readonly timers: Timers;
  /** False while something covers the window. */
  readonly takesKeys: boolean;
}

export function InsideScreen({ inside, frame, timers, takesKeys }: InsideScreenProps) {
  const { view, machines, sessions, runbooks, review, enrollment, stream, mayOperate, mayReview } = inside;
  const { place, runbooksOpen, keysOpen, keyEditorOpen, paletteOpen, focusSearch, running } = useStore(view);
  const { target, machineName } = useTarget(sessions, place === 'sessions');
  const besideName = useStore(sessions.store, sessions.activeSession)?.machineName ?? null;

  useEffect(() => {
    unheeded(window.caisey.call('workspace.setMachine', { name: machineName }));
  }, [machineName]);

  /** Nothing lies over the places. */
  const free = takesKeys && !runbooksOpen && !keysOpen && !keyEditorOpen && !paletteOpen;
  const show = (next: Place) => view.setState({ place: next, runbooksOpen: false });
  const search = () => {
    view.setState({ place: 'machines', runbooksOpen: false, focusSearch: focusSearch + 1 });
  };
  const openSession = (machine: { machineId: MachineId; name: string }, beside?: 'beside') => {
    sessions.open(machine, beside === undefined ? {} : { beside: 'right' });
    show('sessions');
  };
  const resume = (session: SessionRow) => {
    const { machineId, machineName: name, sessionId: known } = session;
    sessions.open({ machineId, name }, { known: { sessionId: known, mode: 'type', from: inside.userId } });
    view.setState({
      place: 'sessions',
      running: running.filter(({ sessionId }) => sessionId !== session.sessionId),
    });
  };
  const join = ({ machineId, machineName: name, sessionId, typist }: RunningSession, take: boolean) => {
    const known: KnownSession = take
      ? { sessionId, mode: 'type', from: typist.userId }
      : { sessionId, mode: 'watch' };
    sessions.open({ machineId, name }, { known });
    show('sessions');
  };
  const [stillRunning] = running;
  const withSession = (act: (session: Session) => void) => {
    const session = sessions.activeSession();
    if (session !== null) act(session);
  };
  const showSession = (key: string) => {
    sessions.arrange((tabs) => withChosen(tabs, key));
    show('sessions');
  };
  const step = (by: 1 | -1) => {
    if (place === 'sessions') sessions.arrange((tabs) => withNextTab(tabs, by));
    else if (sessions.activeSession() !== null) show('sessions');
  };

  useKeys(
    {
      keys: () => view.setState({ keysOpen: !keysOpen }),
      changeKeys: () => view.setState({ keysOpen: false, keyEditorOpen: true }),
      help: () => view.setState({ keysOpen: true }),
      machines: search,
      search,
      // In the review the same key searches the review.
      ...(place === 'review' ? {} : { slash: search }),
      runbooks: () => view.setState({ runbooksOpen: !runbooksOpen }),
      ...(mayReview ? { review: () => show('review') } : {}),
      policy: () => void inside.policy.open(),
      ...(stream === null ? {} : { stream: () => void stream.open() }),
      nextTab: () => step(1),
      previousTab: () => step(-1),
    },
    takesKeys && !paletteOpen,
  );
  useKeys(
    {
      takeUp: () => {
        if (stillRunning !== undefined) resume(stillRunning);
      },
    },
    free && mayOperate && place === 'machines' && stillRunning !== undefined,
  );
  useKeys(
    {
      newSession: () => withSession(({ machineId, machineName: name }) => openSession({ machineId, name })),
      // A key that is held down ends one, not one after the other.
      closeSession: ({ repeat }) => !repeat && withSession(({ key }) => sessions.close(key)),
      endRun: () => withSession((session) => session.endRun()),
    },
    takesKeys && !paletteOpen && place === 'sessions',
  );

  return (
    <div className={styles['inside']}>
      <nav className={styles['bar']} data-theme="dark" aria-label="Places">
        <div className={styles['tabs']} role="tablist" aria-label="Places and sessions">
          <PlaceTab name="Machines" action="machines" on={place === 'machines'} onShow={search} />
          {mayReview && (
            <PlaceTab name="Review" action="review" on={place === 'review'} onShow={() => show('review')} />
          )}
          <SessionTabs sessions={sessions} shown={place === 'sessions'} onShow={showSession} />
        </div>
        <BarButton
          name="Runbooks"
          action="runbooks"
          onPress={() => view.setState({ runbooksOpen: !runbooksOpen })}
        />
        <BarButton name="Actions" action="palette" onPress={() => view.setState({ paletteOpen: true })} />
        <BarButton name="Keys" action="keys" onPress={() => view.setState({ keysOpen: true })} />
      </nav>
      <main className={styles['places']}>
        <div className={styles['place']} hidden={place !== 'machines'}>
          <Machines
            machines={machines}
            frame={frame}
            active={place === 'machines' && free}
            focusSearch={focusSearch}
            mayOpen={mayOperate}
            beside={besideName}
            administers={enrollment !== null}
            running={running}
            onOpenSession={openSession}
            onResume={resume}
            onJoin={join}
            onEnroll={enrollment?.begin ?? null}
          />
        </div>
        {mayReview && (
          <div className={styles['place']} hidden={place !== 'review'}>
            <Review
              review={review}
              frame={frame}
              active={place === 'review' && free}
              timers={timers}
              onNextClient={showLauncher}
            />
          </div>
        )}
        <SessionPanel
          sessions={sessions}
          shown={place === 'sessions'}
          takesKeys={free}
          mayType={mayOperate}
        />
        {runbooksOpen && (
          <Runbooks
            runbooks={runbooks}
            frame={frame}
            administers={enrollment !== null}
            target={target}
            files={inside.runbookFiles}
            onRun={(run) => {
              const error = typeRun(sessions, view.getState().place === 'sessions', run);
              if (error === null) view.setState({ runbooksOpen: false });
              else runbooks.store.setState({ error });
            }}
            onCopy={(text) => unheeded(window.caisey.call('clipboard.copy', { text }))}
            onClose={() => view.setState({ runbooksOpen: false })}
          />
        )}
      </main>
      <Policy policy={inside.policy} frame={frame} />
      {stream !== null && <Stream stream={stream} frame={frame} />}
      {enrollment !== null && (
        <Enrollment
          enrollment={enrollment}
          frame={frame}
          onOpenCard={(machineId) => {
            show('machines');
            machines.search('');
            void machines.open(machineId);
          }}
        />
      )}
      <Palette
        frame={frame}
        open={paletteOpen}
        enabled={takesKeys}
        more={() => sessionItems(sessions, place === 'sessions', showSession)}
        onOpen={(open) => view.setState({ paletteOpen: open })}
      />
      {keysOpen && (
        <KeyOverlay
          onChange={() => view.setState({ keysOpen: false, keyEditorOpen: true })}
          onClose={() => view.setState({ keysOpen: false })}
        />
      )}
      {keyEditorOpen && (
        <KeyEditor
          onChange={(changes) => window.caisey.call('workspace.changeKeys', { ...changes })}
          onClose={() => view.setState({ keyEditorOpen: false })}
        />
      )}
    </div>
  );
}

function showLauncher(): void {
  unheeded(window.caisey.call('workspace.showLauncher'));
}

function PlaceTab({
  name,
  action,
  on,
  onShow,
}: {
  name: string;
  action: KeyAction;
  on: boolean;
  onShow: () => void;
}) {
  const [chord = ''] = useContext(KeyBindingsContext).chordsOf(action);
  return (
    <button
      type="button"
      role="tab"
      aria-selected={on}
      aria-keyshortcuts={chord.replace('Key', '')}
      className={styles['tab']}
      onClick={onShow}
      tabIndex={on ? 0 : -1}
    >
      {name}
    </button>
  );
}

function BarButton({ name, action, onPress }: { name: string; action: KeyAction; onPress: () => void }) {
  return (
    <button type="button" className={styles['button']} onClick={onPress}>
      {name} <Key action={action} />
    </button>
  );
}
