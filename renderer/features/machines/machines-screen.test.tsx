// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { MachineId } from '#protocol/ids.ts';
import type { MachineRow } from '#protocol/records.ts';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import type { Call } from '../../connection/relay-client.ts';
import { Machines } from './machines.tsx';
import { createMachines } from './machines-store.ts';

afterEach(cleanup);

const frame: WorkspaceFrame = {
  colour: 'amber',
  glyph: 'triangle',
  code: 'DCW',
  name: 'DentalCare_Westside',
  emphasis: [11, 19],
};
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
      if (verb !== 'machine.search' || !('query' in params)) return;
      asked.push({ query: params.query, settled: params.settled });
      const machines = own.filter(({ name }) => name.includes(params.query));
      const result = { machines, total: machines.length, tookMs: 1 };
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

function show(machines: ReturnType<typeof createMachines>) {
  render(
    <Machines
      machines={machines}
      frame={frame}
      active
      focusSearch={0}
      mayOpen
      running={[]}
      onOpenSession={() => undefined}
      onResume={() => undefined}
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

  it('asks the relay nothing because a machine came or went', async () => {
    const { call, asked, answer } = relay();
    const machines = createMachines(call);
    machines.search('');
    await answer();
    machines.heard({ type: 'machine', machine: machine('WEST-NEW-01', '3') });
    machines.heard({ type: 'machine.removed', machineId: own[0]?.machineId ?? fail() });
    expect(machines.store.getState().results?.machines.map(({ name }) => name)).toEqual([
      'WEST-FS-01',
      'WEST-NEW-01',
    ]);
    expect(asked).toHaveLength(1);
  });
});
