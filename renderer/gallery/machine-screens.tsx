import type { MachineHit, MachineRow, RunningSession } from '#protocol/records.ts';
import { MachinesScreen } from '../features/machines/index.ts';
import type { MachineChange, MachinesState } from '../features/machines/index.ts';
import { westside } from '../testing/example-frames.ts';
import { card, machines, sessionReview } from './gallery-data.ts';

const nothing = () => undefined;

/** What a search for `query` found; an empty one lists. */
export function found(rows: readonly MachineRow[], query = '', close = false): MachinesState {
  const hits = rows.map((row): MachineHit => Object.assign({ match: close ? 'typo' : 'word' } as const, row));
  return {
    query,
    results: {
      machines: close ? [] : hits,
      close: close ? hits : [],
      total: close ? 0 : hits.length,
      more: false,
      query,
    },
    directory: null,
    error: null,
    chosen: close ? -1 : Math.min(1, rows.length - 1),
    card: null,
  };
}

export function machinesOf(
  state: MachinesState,
  { running = false, change = null }: { running?: boolean; change?: MachineChange | null } = {},
) {
  return (
    <MachinesScreen
      state={state}
      frame={westside}
      active
      focusSearch={0}
      mayOpen
      administers={running || change !== null}
      change={change}
      running={running ? [sessionReview] : []}
      onSearch={nothing}
      onChoose={nothing}
      onLook={nothing}
      onSettle={nothing}
      onOpenCard={nothing}
      onCloseCard={nothing}
      onProbe={nothing}
      onReadRunning={nothing}
      onRelease={() => Promise.resolve(null)}
      beside={running ? 'WEST-FILE-01' : null}
      onOpenSession={nothing}
      onResume={nothing}
      onJoin={nothing}
      onBeginChange={nothing}
      onRename={nothing}
      onRemove={nothing}
      onForgetDoubt={nothing}
      onCancelChange={nothing}
      onEnroll={running ? nothing : null}
    />
  );
}

/** 100,000 machines by name. */
export function manyMachines() {
  const [first] = machines;
  if (first === undefined) throw new Error('the gallery has machines');
  const page = Array.from({ length: 100 }, (_, at) => {
    const name = `WEST-LAPTOP-${String(at + 1).padStart(5, '0')}`;
    return { ...first, name, hostname: `${name.toLowerCase()}.westside.example`, online: at % 3 > 0 };
  });
  const state = found(machines);
  const directory = {
    version: { epoch: 'gallery', seq: 0 },
    total: 100_000,
    pages: new Map([[0, page.slice(0, 16)]]),
  };
  return machinesOf({ ...state, directory }, { running: true });
}

export const closeOnly = () => machinesOf(found(machines.slice(4, 5), 'west-prnit-01', true));
export const loadingMachines = () => machinesOf({ ...found([]), results: null });
const runningOn: readonly RunningSession[] = [
  {
    ...sessionReview,
    endedAt: null,
    typist: { ...sessionReview.technician, name: 'Marisol Vega' },
    away: false,
    here: false,
  },
  { ...sessionReview, endedAt: null, typist: sessionReview.technician, away: true, here: false },
];
export const alarmedCard = () =>
  machinesOf(
    {
      ...found(machines),
      chosen: 4,
      card: {
        kind: 'shown',
        card: { ...card, keyAlert: { quarantined: false, lastAt: Date.now() - 190_000 } },
        probe: { state: 'answered', roundTripMs: 3.6, atMs: Date.now() },
        running: runningOn,
      },
    },
    { running: true },
  );

export const cardWith = (change: MachineChange | null) =>
  machinesOf(
    {
      ...found(machines),
      chosen: 4,
      card: {
        kind: 'shown',
        card,
        probe: { state: 'answered', roundTripMs: 3.6, atMs: Date.now() },
        running: runningOn,
      },
    },
    { running: true, change },
  );
export const renaming: MachineChange = {
  kind: 'rename',
  machine: card,
  busy: false,
  problem: null,
  doubt: { name: 'WEST-PR1NT-01', confusableWith: ['WEST-PRINT-01', 'WEST-PRINT-10'] },
};
export const removing: MachineChange = { kind: 'remove', machine: card, busy: false, problem: null };
