import { useState } from 'react';
import { MachineId } from '#protocol/ids.ts';
import { callError } from '../connection/call-error.ts';
import { createSessions, SessionPanel } from '../features/sessions/index.ts';
import type { Session, SessionsStore } from '../features/sessions/index.ts';
import type { SessionState } from '../features/sessions/session.ts';
import { withPaneResized, withPaneTowards, withZoomTurned } from '../features/sessions/tabs.ts';
import { sessionReview } from './gallery-data.ts';

const nothing = () => undefined;
const never = () => new Promise<never>(nothing);
const machine = (name: string, last: string) => ({
  machineId: MachineId.parse(`mac_01ARZ3NDEKTSV4RRFFQ69G5FA${last}`),
  name,
});
const person = sessionReview.technician;
const open: SessionState['phase'] = { kind: 'live', terminal: { kind: 'open', agent: 'connected' } };

const LOG = Array.from(
  { length: 9 },
  (_, line) => `02:1${line}:07 spooler[812]: job ${5120 + line} \u001B[33mheld\u001B[0m, queue stopped\r\n`,
).join('');
const prompt = (machine: string) => `\u001B[1;32msvc-admin@${machine}\u001B[0m:\u001B[1;34m~\u001B[0m$ `;

/** Sessions whose relay never answers; what they show is written here. */
function panes(arrange: (sessions: SessionsStore, opened: (at: number) => Session) => void): SessionsStore {
  const sessions = createSessions(
    {
      call: never,
      connection: {
        relayUrl: '',
        open: () => ({ send: nothing, close: nothing }),
        timers: { now: Date.now, after: () => nothing, random: () => 0 },
        getToken: never,
      },
      isReserved: () => false,
    },
    { call: never, on: () => nothing },
  );
  sessions.open(machine('WEST-FILE-01', 'V'));
  const opened = (at: number) => {
    const session = sessions.store.getState().sessions[at];
    if (session === undefined) throw new Error('the gallery opens its panes');
    return session;
  };
  const show = (at: number, text: string, state: Partial<SessionState> = {}) => {
    opened(at).view.write(text);
    opened(at).store.setState({ phase: open, ...state });
  };
  show(0, `${prompt('WEST-FILE-01')}tail -f /var/log/spooler.log\r\n${LOG}`);
  sessions.open(machine('WEST-PRINT-01', 'W'), { beside: 'right' });
  show(1, `${prompt('WEST-PRINT-01')}systemctl restart cups\r\n${prompt('WEST-PRINT-01')}`);
  sessions.open(machine('WEST-APP-01', 'X'), { beside: 'down' });
  show(2, `${prompt('WEST-APP-01')}journalctl -fu billing\r\n${LOG}`);
  arrange(sessions, opened);
  return sessions;
}

function Panes({ arrange }: { arrange: Parameters<typeof panes>[0] }) {
  const [sessions] = useState(() => panes(arrange));
  return <SessionPanel sessions={sessions} shown takesKeys mayType />;
}

const up = (sessions: SessionsStore) => sessions.arrange((tabs) => withPaneTowards(tabs, 'up'));

/** Three, of which the one in the middle has the keyboard. */
export const paneScreen = () => <Panes arrange={up} />;

export const zoomedPane = () => (
  <Panes
    arrange={(sessions) => {
      up(sessions);
      sessions.arrange(withZoomTurned);
    }}
  />
);

/** Each says how it is: a colleague types, the line is cut, no session came about. */
export const troubledPanes = () => (
  <Panes
    arrange={(sessions, opened) => {
      for (let press = 0; press < 4; press += 1) sessions.arrange((tabs) => withPaneResized(tabs, 'right'));
      opened(0).store.setState({
        people: { mode: 'watch', typist: { ...person, name: 'Marisol Vega' }, watchers: [person] },
      });
      opened(1).store.setState({
        phase: {
          kind: 'live',
          terminal: { kind: 'connecting', attempt: 2, cause: callError('unavailable') },
        },
      });
      opened(2).store.setState({ phase: { kind: 'failed', error: callError('machine_offline') } });
    }}
  />
);
