import { MachineId } from '#protocol/ids.ts';
import { callError } from '../connection/call-error.ts';
import {
  createSessions,
  SessionPanel,
  withPaneResized,
  withPaneTowards,
  withZoomTurned,
} from '../features/sessions/index.ts';
import type { Session, SessionsStore, SessionState } from '../features/sessions/index.ts';
import { readTerminal } from '../terminal/late-terminal.ts';
import { runbooks, sessionReview } from './gallery-data.ts';

const nothing = () => undefined;
const never = () => new Promise<never>(nothing);
const machine = (name: string, last: string) => ({
  machineId: MachineId.parse(`mac_01ARZ3NDEKTSV4RRFFQ69G5FA${last}`),
  name,
});
const person = sessionReview.technician;
const live: SessionState['phase'] = { kind: 'live', terminal: { kind: 'open', agent: 'connected' } };

const LOG = Array.from(
  { length: 9 },
  (_, line) => `02:1${line}:07 spooler[812]: job ${5120 + line} \u001B[33mheld\u001B[0m, queue stopped\r\n`,
).join('');
const prompt = (machine: string) => `\u001B[1;32msvc-admin@${machine}\u001B[0m:\u001B[1;34m~\u001B[0m$ `;

type Arrange = (sessions: SessionsStore, opened: (at: number) => Session) => void;

/** Sessions whose relay never answers; what they show is written here. */
function made(open: (sessions: SessionsStore, show: Show) => void, arrange: Arrange): SessionsStore {
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
      readTerminal,
    },
    { call: never, on: () => nothing },
  );
  const opened = (at: number) => {
    const session = sessions.store.getState().sessions[at];
    if (session === undefined) throw new Error('the gallery opens its panes');
    return session;
  };
  open(sessions, (at, text, state = {}, drawn) => {
    const stop = opened(at).store.subscribe(({ view }) => {
      if (view === null) return;
      stop();
      view.write(text, drawn);
    });
    opened(at).store.setState({ phase: live, ...state });
  });
  arrange(sessions, opened);
  return sessions;
}

type Show = (at: number, text: string, state?: Partial<SessionState>, drawn?: () => void) => void;

const three = (arrange: Arrange) =>
  made((sessions, show) => {
    sessions.open(machine('WEST-FILE-01', 'V'));
    show(0, `${prompt('WEST-FILE-01')}tail -f /var/log/spooler.log\r\n${LOG}`);
    sessions.open(machine('WEST-PRINT-01', 'W'), { beside: 'right' });
    show(1, `${prompt('WEST-PRINT-01')}systemctl restart cups\r\n${prompt('WEST-PRINT-01')}`);
    sessions.open(machine('WEST-APP-01', 'X'), { beside: 'down' });
    show(2, `${prompt('WEST-APP-01')}journalctl -fu billing\r\n${LOG}`);
  }, arrange);

const one = (text: string, state: Partial<SessionState> = {}, drawn?: () => void) =>
  made((sessions, show) => {
    sessions.open(machine('WEST-PRINT-01', 'W'));
    show(0, text, state, drawn);
  }, nothing);

/** One frame each, where the focus then is. Until all are pressed, the page says so to whoever waits for it. */
function pressing(keys: readonly KeyboardEventInit[]): () => void {
  const { dataset } = document.documentElement;
  dataset['pressing'] = '';
  const press = ([key, ...more]: readonly KeyboardEventInit[]): void => {
    if (key === undefined) return void delete dataset['pressing'];
    const event = new KeyboardEvent('keydown', { ...key, bubbles: true, cancelable: true });
    document.activeElement?.dispatchEvent(event);
    requestAnimationFrame(() => press(more));
  };
  return () => press(keys);
}

export function Panes({ sessions, takesKeys }: { sessions: SessionsStore; takesKeys: boolean }) {
  return <SessionPanel sessions={sessions} shown takesKeys={takesKeys} mayType />;
}

const up = (sessions: SessionsStore) => sessions.arrange((tabs) => withPaneTowards(tabs, 'up'));

/** Three, of which the one in the middle has the keyboard. */
export const panes = () => three(up);

export const zoomedPane = () =>
  three((sessions) => {
    up(sessions);
    sessions.arrange(withZoomTurned);
  });

/** Each says how it is: a colleague types, the line is cut, no session came about. */
export const troubledPanes = () =>
  three((sessions, opened) => {
    for (let press = 0; press < 4; press += 1) sessions.arrange((tabs) => withPaneResized(tabs, 'right'));
    opened(0).store.setState({
      people: { mode: 'watch', typist: { ...person, name: 'Marisol Vega' }, away: false, watchers: [person] },
    });
    opened(1).store.setState({
      phase: { kind: 'live', terminal: { kind: 'connecting', attempt: 2, cause: callError('unavailable') } },
      away: { sinceMs: Date.now(), characters: 17 },
    });
    opened(2).store.setState({ phase: { kind: 'failed', error: callError('machine_offline') } });
  });

const LS = `${prompt('WEST-PRINT-01')}ls --color\r\n\u001B[1;34mspool\u001B[0m  \u001B[31mreport.tar\u001B[0m  \u001B[38;2;255;170;60mtrue colour\u001B[0m  plain\r\n`;

/** What a terminal has to draw: colours, and characters that are easily taken for each other. */
export const singlePane = () =>
  one(
    `${LS}${'The quick brown fox 0O1lI Ærøskøbing Ελλάδα Київ ┌──┐\r\n'.repeat(3)}${prompt('WEST-PRINT-01')}`,
  );

const SELECT_TEXT = { key: ' ', code: 'Space', ctrlKey: true, shiftKey: true };
const NEXT_LINK = { key: 'u', code: 'KeyU' };
const LOGIN = `${prompt('WEST-PRINT-01')}az login --use-device-code\r\nTo sign in, open \u001B]8;;https://login.good.example@device-login.attacker.example/x\u001B\\https://microsoft.com/devicelogin\u001B]8;;\u001B\\ and enter the code A1B2-C3D4.\r\n`;

/** A link that says one host and leads to another is chosen, to have its address copied. */
export const linkChosen = () => one(LOGIN, {}, pressing([SELECT_TEXT, NEXT_LINK]));

/** Text is to be chosen, and there is no link. */
export const noLink = () => one(`${LS}${prompt('WEST-PRINT-01')}`, {}, pressing([SELECT_TEXT, NEXT_LINK]));

/** To be ended while a command runs; and a bell rang in the tab behind. */
export const busyPane = () =>
  made((sessions, show) => {
    sessions.open(machine('WEST-FILE-01', 'V'));
    show(0, prompt('WEST-FILE-01'), { rang: true });
    sessions.open(machine('WEST-PRINT-01', 'W'));
    const line = 'tar czf /srv/backup/night.tgz /var/spool';
    show(1, `${prompt('WEST-PRINT-01')}${line}\r\n`, { ending: line });
  }, nothing);

/** A runbook types its steps. */
export const runningPane = () => {
  const steps = runbooks[0]?.steps ?? [];
  const typed = 3;
  return one(
    steps
      .slice(0, typed)
      .map((step) => `${prompt('WEST-PRINT-01')}${step}\r\n`)
      .join(''),
    { run: { title: 'Clear the print spooler', steps, typed, exitCodes: [0, 0], state: 'running' } },
  );
};
