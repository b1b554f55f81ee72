import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import type { MachineId } from '#protocol/ids.ts';
import type { MachineCard, RunningSession } from '#protocol/records.ts';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import type { CallError } from '../../connection/call-error.ts';
import { Button } from '../../design/button.tsx';
import { ClientName } from '../../design/client-name.tsx';
import { useKeys } from '../../design/keys/use-keys.ts';
import { Notice } from '../../design/notice.tsx';
import { StateDot } from '../../design/state-dot.tsx';
import type { DotState } from '../../design/state-dot.tsx';
import { agoText, clockText, dayText, durationText } from '../../design/time-text.ts';
import { useNow } from '../../design/use-now.ts';
import { CardSessions } from './card-sessions.tsx';
import { KeyAlertNotice } from './key-alert-notice.tsx';
import styles from './machine-card-panel.module.css';
import type { ChangedMachine, MachineChange } from './machine-changes.ts';
import type { CardState, Probe } from './machines-state.ts';

interface MachineCardPanelProps {
  readonly state: CardState;
  readonly frame: WorkspaceFrame;
  readonly active: boolean;
  readonly mayOpen: boolean;
  /** Name of the machine beside whose session another can be opened; null: there is none. */
  readonly beside: string | null;
  readonly onOpenSession: (machine: { machineId: MachineId; name: string }, beside?: 'beside') => void;
  readonly onProbe: () => void;
  readonly onReadRunning: () => void;
  readonly onJoin: (session: RunningSession, take: boolean) => void;
  readonly onRelease: () => Promise<CallError | null>;
  readonly onBack: () => void;
  readonly onOpenCard: (machineId: MachineId) => void;
  readonly administers: boolean;
  readonly onBeginChange: (kind: MachineChange['kind'], machine: ChangedMachine) => void;
}

export function MachineCardPanel(props: MachineCardPanelProps) {
  const { state, frame, active, mayOpen, onOpenSession, onProbe, onBack, onOpenCard } = props;
  const { administers, beside, onBeginChange } = props;
  const card = state.kind === 'shown' ? state.card : null;
  useKeys(
    {
      cardOpen: {
        does: card !== null && mayOpen ? opensText(card) : null,
        run: () => {
          if (card !== null && mayOpen) onOpenSession(card);
        },
      },
      cardProbe: onProbe,
      cardBack: onBack,
    },
    active,
  );
  useKeys(
    {
      cardBeside: () => {
        if (card !== null) onOpenSession(card, 'beside');
      },
    },
    active && mayOpen && card !== null && beside !== null,
  );
  useKeys(
    {
      cardRename: () => {
        if (card !== null) onBeginChange('rename', card);
      },
      cardRemove: () => {
        if (card !== null) onBeginChange('remove', card);
      },
    },
    active && administers && card !== null,
  );
  switch (state.kind) {
    case 'loading':
      return <section className={styles['card']} aria-busy="true" aria-label="Machine" />;
    case 'absent':
      return (
        <section className={styles['card']} aria-label="Machine">
          <Notice
            tone="warn"
            role="alert"
            title={
              <>
                The machine of this link is not in <ClientName frame={frame} />
              </>
            }
          >
            It may have been removed. Ask whoever posted the link, or search by name.
          </Notice>
        </section>
      );
    case 'removed':
      return (
        <section className={styles['card']} aria-label="Machine">
          <Notice
            tone="warn"
            role="alert"
            title={`${state.name} was removed`}
            actions={
              <Button onClick={onBack} chord="Escape" autoFocus>
                Back
              </Button>
            }
          >
            An administrator took it out of this client. What was done on it stays in the review.
          </Notice>
        </section>
      );
    case 'failed':
      return (
        <section className={styles['card']} aria-label="Machine">
          <Notice
            tone="warn"
            role="alert"
            title={state.error.text}
            actions={
              <Button onClick={() => onOpenCard(state.machineId)} chord="Enter" autoFocus>
                Try again
              </Button>
            }
          />
        </section>
      );
    case 'shown':
      return <Card {...props} card={state.card} probe={state.probe} running={state.running} />;
  }
}

function Card({
  card,
  probe,
  running,
  mayOpen,
  beside,
  onReadRunning,
  onJoin,
  onOpenSession,
  active,
  onProbe,
  onRelease,
  onBack,
  administers,
  onBeginChange,
}: MachineCardPanelProps & {
  card: MachineCard;
  probe: Probe;
  running: readonly RunningSession[];
}) {
  const now = useNow(1000);
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The keys are the card's: it has the focus as well, also when its tab or a dialog gave it back.
    if (active) first.current?.focus();
  }, [active]);
  return (
    <section className={styles['card']} aria-label={`Machine ${card.name}`}>
      <header>
        <h2 className={styles['name']}>{card.name}</h2>
        <p className={styles['hostname']}>{card.hostname}</p>
      </header>
      {card.keyAlert !== null && (
        <KeyAlertNotice
          alert={card.keyAlert}
          now={now}
          active={active}
          onRelease={administers ? onRelease : null}
        />
      )}
      <Reach probe={probe} now={now} onProbe={onProbe} />
      <div className={styles['actions']}>
        {mayOpen ? (
          <Button
            kind={probe.state === 'silent' || probe.state === 'failed' ? 'plain' : 'primary'}
            onClick={() => onOpenSession(card)}
            chord="Enter"
            enter={opensText(card)}
            ref={first}
            data-opens="session"
          >
            Open a session
          </Button>
        ) : (
          <p className={styles['dim']}>Your role reviews this client; it opens no sessions.</p>
        )}
        {mayOpen && beside !== null && (
          <Button kind="quiet" onClick={() => onOpenSession(card, 'beside')} chord="b">
            Beside {beside}
          </Button>
        )}
        <Button
          kind="quiet"
          onClick={onBack}
          chord="Escape"
          enter="goes back to the list"
          {...(mayOpen ? {} : { ref: first })}
        >
          Back
        </Button>
        {administers && (
          <span className={styles['administer']}>
            <Button kind="quiet" onClick={() => onBeginChange('rename', card)} chord="F2">
              Rename
            </Button>
            <Button kind="quiet" onClick={() => onBeginChange('remove', card)} chord="Delete">
              Remove
            </Button>
          </span>
        )}
      </div>
      <dl className={styles['facts']}>
        <Fact name="System">{card.os}</Fact>
        <Fact name="Runs as">{card.facts.user}</Fact>
        <Fact name="Agent">{card.facts.agentVersion}</Fact>
        <Fact name="Enrolled">{dayText(card.enrolledAt)}</Fact>
      </dl>
      <CardSessions
        running={running}
        now={now}
        active={active}
        mayType={mayOpen}
        onJoin={onJoin}
        onRead={onReadRunning}
      />
      <h3 className={styles['heading']}>Recent sessions</h3>
      {card.recentSessions.length === 0 ? (
        <p className={styles['dim']}>None yet.</p>
      ) : (
        <ul>
          {card.recentSessions.map((session) => (
            <li key={session.sessionId} className={styles['session']}>
              <span>{session.technician.name}</span>
              <span className={styles['dim']}>
                {dayText(session.startedAt)} {clockText(session.startedAt)}
              </span>
              <span className={styles['dim']}>
                {session.endedAt === null ? 'running' : durationText(session.endedAt - session.startedAt)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function opensText({ name }: MachineCard): string {
  return `opens a session on ${name}`;
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className={styles['dim']}>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** A round trip that succeeded, and when; never a socket that looks open. */
function Reach({ probe, now, onProbe }: { probe: Probe; now: number; onProbe: () => void }) {
  const { dot, text, next } = reachText(probe, now);
  return (
    <div className={styles['reach']} role="status">
      <StateDot state={dot} />
      <span className={styles['reachText']}>
        {text}
        {next !== null && <span className={styles['dim']}> {next}</span>}
      </span>
      {probe.state !== 'asking' && (
        <Button kind="quiet" onClick={onProbe} chord="r">
          Ask again
        </Button>
      )}
    </div>
  );
}

function reachText(probe: Probe, now: number): { dot: DotState; text: string; next: string | null } {
  switch (probe.state) {
    case 'asking':
      return { dot: 'waiting', text: 'Asking the machine…', next: null };
    case 'answered': {
      const ms = Math.max(1, Math.round(probe.roundTripMs));
      return { dot: 'good', text: `Answered in ${ms} ms, ${agoText(probe.atMs, now)}`, next: null };
    }
    case 'silent':
      return { dot: 'silent', text: 'Does not answer', next: 'It may be off or without network.' };
    case 'failed':
      return { dot: 'silent', text: 'Could not be asked', next: probe.error.text };
  }
}
