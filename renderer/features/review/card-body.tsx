import type { ReactNode } from 'react';
import type { CommandId } from '#protocol/ids.ts';
import type {
  AttemptReview,
  BlockedPaste,
  CommandRecord,
  KeyAlertReview,
  SessionReview,
} from '#protocol/records.ts';
import { Key } from '../../design/key.tsx';
import { bytesText, clockText, countText, durationText } from '../../design/time-text.ts';
import { VisibleText } from '../../design/visible-text.tsx';
import styles from './review-card.module.css';
import { attemptReasonText, endReasonText, PROVENANCE_TEXT } from './review-item.ts';
import type { ReviewItem } from './review-item.ts';

/** All that is known about it. @param command the one that playback begins with */
export function CardBody({ item, command }: { item: ReviewItem; command: CommandId | null }) {
  switch (item.kind) {
    case 'attempt':
      return <AttemptBody attempt={item.attempt} />;
    case 'key':
      return <KeyBody alert={item.alert} />;
    case 'pastes':
      return <Pastes pastes={item.stay.pastes} />;
    case 'session':
      return <SessionBody session={item.session} command={command} />;
  }
}

function KeyBody({ alert }: { alert: KeyAlertReview }) {
  return (
    <>
      <p className={styles['lead']}>
        Two hosts proved this key and both answered: it was copied or stolen. Find the other host, and enroll
        one of the two anew with <code>--wipe</code>.
      </p>
      <dl className={styles['facts']}>
        <Fact name="First">{clockText(alert.firstAt, true)}</Fact>
        <Fact name="Last">{clockText(alert.lastAt, true)}</Fact>
        <Fact name="Machine">{alert.machineId}</Fact>
      </dl>
    </>
  );
}

function AttemptBody({ attempt }: { attempt: AttemptReview }) {
  return (
    <>
      {attempt.queries.length > 0 && (
        <table className={styles['table']}>
          <caption className={styles['caption']}>Searched for</caption>
          <tbody>
            {attempt.queries.map(({ query, at, resultCount }) => (
              <tr key={`${at} ${query}`}>
                <td className={styles['time']}>{clockText(at, true)}</td>
                <td>
                  <VisibleText text={query} />
                </td>
                <td className={styles['right']} data-zero={resultCount === 0}>
                  {resultCount === 0 ? 'no results' : countText(resultCount, 'result')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <dl className={styles['facts']}>
        <Fact name="Came by">{attempt.via === 'link' ? 'a link' : 'search'}</Fact>
        {attempt.via === 'link' && (
          <Fact name="Machine of the link">{attempt.machineName ?? 'not in this client'}</Fact>
        )}
        <Fact name="Stayed">{durationText(attempt.dwellMs)}</Fact>
        <Fact name="Asked for another client">
          {attempt.orgSwitchedAt === null ? 'no' : `at ${clockText(attempt.orgSwitchedAt, true)}`}
        </Fact>
        <Fact name="Ended">
          {attemptReasonText(attempt)} at {clockText(attempt.endedAt, true)}
        </Fact>
      </dl>
    </>
  );
}

function Pastes({ pastes }: { pastes: readonly BlockedPaste[] }) {
  return (
    <table className={styles['table']}>
      <caption className={styles['caption']}>Pastes that were stopped</caption>
      <tbody>
        {pastes.map(({ at, provenance }) => (
          <tr key={at}>
            <td className={styles['time']}>{clockText(at, true)}</td>
            <td>{PROVENANCE_TEXT[provenance]}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function SessionBody({ session, command }: { session: SessionReview; command: CommandId | null }) {
  const { commands, blockedPastes, interruptions, redactions } = session;
  return (
    <>
      {commands.length > 0 && (
        <table className={styles['table']}>
          <caption className={styles['caption']}>Commands</caption>
          <tbody>
            {commands.map((each) => (
              <Command key={each.commandId} command={each} chosen={each.commandId === command} />
            ))}
          </tbody>
        </table>
      )}
      {blockedPastes.length > 0 && <Pastes pastes={blockedPastes} />}
      <dl className={styles['facts']}>
        <Fact name="Ended">{endReasonText(session)}</Fact>
        <Fact name="Typed">{bytesText(session.bytesIn)}</Fact>
        <Fact name="Shown">{bytesText(session.bytesOut)}</Fact>
        {redactions > 0 && <Fact name="Typed without echo">{countText(redactions, 'time')}, not kept</Fact>}
        <Fact name="Interruptions">
          {interruptions.length === 0
            ? 'none'
            : interruptions.map(({ gapMs }) => durationText(gapMs)).join(', ')}
        </Fact>
        {session.exceptions.includes('long_idle') && (
          <Fact name="Longest idle">{durationText(session.idleMs)}</Fact>
        )}
        <Fact name="Recording">
          {session.recordingSha256 === null && session.endReason !== null ? (
            'none'
          ) : (
            <>
              {session.recordingSha256 !== null && (
                <>
                  <code>{session.recordingSha256.slice(0, 12)}</code> ·{' '}
                </>
              )}
              <Key chord="p" /> {command === null ? 'plays it' : 'plays from the chosen command'}
            </>
          )}
        </Fact>
      </dl>
    </>
  );
}

function Command({ command, chosen }: { command: CommandRecord; chosen: boolean }) {
  const { exitCode, durationMs, trusted, source } = command;
  return (
    <tr
      data-chosen={chosen}
      ref={(row) => {
        if (chosen) row?.scrollIntoView({ block: 'nearest' });
      }}
    >
      <td className={styles['time']}>{clockText(command.startedAt, true)}</td>
      <td>
        <VisibleText text={command.line} />
      </td>
      <td className={styles['dim']}>
        {source === 'runbook' ? 'runbook' : ''}
        {!trusted && <span className={styles['odd']}>not reported by our shell</span>}
      </td>
      <td className={styles['right']} data-failed={exitCode !== null && exitCode !== 0}>
        {exitCode === null ? 'no exit code' : `exit ${exitCode}`}
      </td>
      <td className={styles['right']}>{durationMs === null ? '' : durationText(durationMs)}</td>
    </tr>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className={styles['dim']}>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
