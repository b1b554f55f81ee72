// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MachineId } from '#protocol/ids.ts';
import { MachineCard } from '#protocol/records.ts';
import type { MachineRow } from '#protocol/records.ts';
import type { Announcement, Call } from '../../connection/relay-client.ts';
import { Machines } from './machines.tsx';
import { createMachines } from './machines-store.ts';
import { westside } from '../../testing/example-frames.ts';

// Happy DOM lays nothing out: every element is as high as a list of some rows.
vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(700);
afterEach(cleanup);

const machine = (name: string, last: string): MachineRow => ({
  machineId: MachineId.parse(`mac_${last.padStart(26, '0')}`),
  name,
  hostname: name.toLowerCase(),
  os: 'Debian 12',
  online: true,
  lastSeenAt: null,
});
const own = [machine('WEST-PRINT-01', '1'), machine('WEST-FS-01', '2')];

function fail(): never {
  throw new Error('there is a machine');
}

interface Asked {
  readonly query: string;
  readonly settled: boolean;
}

/** The relay's answers, given when the test says so, in the order asked. */
function relay() {
  const asked: Asked[] = [];
  const answers: (() => void)[] = [];
  const call: Call = (verb, params) =>
    new Promise((resolve) => {
      if (verb !== 'machine.search' || !('settled' in params)) return;
      asked.push({ query: params.query, settled: params.settled });
      const machines = own.filter(({ name }) => name.includes(params.query));
      const hits = machines.map((row) => Object.assign({ match: 'word' }, row));
      const close = params.query === 'WEST-PRNIT' ? [Object.assign({ match: 'typo' }, own[0])] : [];
      const result = { machines: hits, close, total: machines.length, more: false };
      answers.push(() => resolve({ ok: true, result } as never));
    });
  const turn = async () => {
    for (let count = 0; count < 10; count += 1) await Promise.resolve();
  };
  const answer = async () => {
    await turn();
    answers.shift()?.();
    await turn();
  };
  return { call, asked, answer };
}

function show(machines: ReturnType<typeof createMachines>, mayOpen = true) {
  render(
    <Machines
      machines={machines}
      frame={westside}
      active
      focusSearch={0}
      mayOpen={mayOpen}
      administers={false}
      running={[]}
      beside={null}
      onOpenSession={() => undefined}
      onResume={() => undefined}
      onJoin={() => undefined}
      onEnroll={() => undefined}
    />,
  );
}

describe('a search that this client cannot answer', () => {
  it('says so of this client alone, with nothing to press and the focus in the search field', async () => {
    const { call, answer } = relay();
    const machines = createMachines(call);
    machines.search('');
    await answer();
    machines.search('PRIM-PRINT-01');
    await answer();
    show(machines);
    const absence = screen.getByRole('alert');
    expect(absence.textContent).toBe(
      'DCW"PRIM-PRINT-01" does not exist in DentalCare_WestsideYou are in this client only. Nothing else was searched.',
    );
    expect(absence.querySelector('strong')?.textContent).toBe('Westside');
    expect(screen.queryAllByRole('button')).toEqual([]);
    expect(screen.queryAllByRole('link')).toEqual([]);
    // No near name either: the rows of the search before are gone.
    expect(document.body.textContent).not.toContain('WEST-');
    expect(document.activeElement).toBe(screen.getByRole('combobox', { name: 'Search machines' }));
  });

  it('is said all the same of a slip; what is close stands apart, and Enter alone opens nothing', async () => {
    const { call, answer } = relay();
    const machines = createMachines(call);
    machines.search('WEST-PRNIT');
    await answer();
    show(machines);
    expect(screen.getByRole('alert').textContent).toContain('"WEST-PRNIT" does not exist');
    const [option] = screen.getAllByRole('option');
    expect(option?.textContent).toContain('WEST-PRINT-01');
    expect(option?.getAttribute('aria-selected')).toBe('false');
    const settled = machines.settle();
    await answer();
    await settled;
    expect(machines.store.getState()).toMatchObject({ chosen: -1, card: null });
  });

  it('is not shown for a query that the newest answer does not belong to', async () => {
    const { call, answer } = relay();
    const machines = createMachines(call);
    machines.search('PRIM');
    await answer();
    machines.search('WEST');
    show(machines);
    expect(screen.queryByRole('alert')).toBeNull();
  });
});

describe('a machine’s card', () => {
  it('has the keys for everyone: for a role that opens nothing too, they are not typed into the search', async () => {
    const { call, answer } = relay();
    const machines = createMachines(call);
    machines.search('WEST-FS-01');
    await answer();
    const row = own[1] ?? fail();
    const facts = { hostname: row.hostname, os: row.os, user: 'svc', agentVersion: '0.1.0' };
    machines.store.setState({
      card: {
        kind: 'shown',
        card: MachineCard.parse({ ...row, facts, enrolledAt: 1, recentSessions: [] }),
        probe: { state: 'asking' },
        running: [],
      },
    });
    for (const [mayOpen, name] of [
      [true, /^Open a session/],
      [false, /^Back/],
    ] as const) {
      show(machines, mayOpen);
      expect(document.activeElement).toBe(screen.getByRole('button', { name }));
      cleanup();
    }
  });
});

describe('the machines store', () => {
  it('has one search under way, drops what was typed over, and always tells a settled query', async () => {
    const { call, asked, answer } = relay();
    const machines = createMachines(call);
    for (const query of ['P', 'PR', 'PRI', 'PRIM']) machines.search(query);
    await answer();
    await answer();
    expect(asked.map(({ query }) => query)).toEqual(['P', 'PRIM']);
    machines.search('PRIM-');
    const settled = machines.settle();
    machines.search('PRIM-X');
    await answer();
    await answer();
    await answer();
    await settled;
    expect(asked.slice(2)).toEqual([
      { query: 'PRIM-', settled: false },
      { query: 'PRIM-', settled: true },
      { query: 'PRIM-X', settled: false },
    ]);
    expect(machines.store.getState().results?.query).toBe('PRIM-X');
  });

  it('asks for the list again, and searches nothing, because a machine came or went', async () => {
    const { call, asked, answer } = relay();
    const lists: unknown[] = [];
    const machines = createMachines((verb, params) => {
      if (verb !== 'machine.list') return call(verb, params);
      lists.push(params);
      const list = { version: { epoch: 'e', seq: lists.length - 1 }, total: 2, machines: own };
      return Promise.resolve({ ok: true, result: list } as never);
    });
    machines.search('');
    await answer();
    const { store, heard } = machines;
    const shown = () =>
      [...(store.getState().directory?.pages.get(0) ?? [])].map(({ name, online }) => [name, online]);
    expect(shown()).toEqual([
      ['WEST-PRINT-01', true],
      ['WEST-FS-01', true],
    ]);
    const patch: Announcement = {
      type: 'machines.patch',
      from: { epoch: 'e', seq: 0 },
      seq: 1,
      total: 2,
      changed: [],
      removed: [],
      moved: false,
    };
    const first = own[0] ?? fail();
    // In step, and nothing moved: changed in place.
    heard({ ...patch, from: { epoch: 'e', seq: 0 }, changed: [{ ...first, online: false }] });
    expect(shown()).toEqual([
      ['WEST-PRINT-01', false],
      ['WEST-FS-01', true],
    ]);
    expect(lists).toHaveLength(1);
    // One that the list already holds.
    heard({ ...patch, from: { epoch: 'e', seq: 0 }, changed: [first] });
    expect(shown()[0]).toEqual(['WEST-PRINT-01', false]);
    // One was missed.
    heard({ ...patch, from: { epoch: 'e', seq: 7 }, seq: 8, changed: [] });
    expect(lists).toHaveLength(2);
    await answer();
    // Another relay.
    heard({ ...patch, from: { epoch: 'f', seq: 1 }, seq: 2, changed: [] });
    expect(lists).toHaveLength(3);
    await answer();
    heard({
      ...patch,
      from: { epoch: 'e', seq: 2 },
      seq: 3,
      changed: [],
      removed: [first.machineId],
      moved: true,
    });
    expect(lists).toHaveLength(4);
    expect(asked).toHaveLength(1);
  });
});
