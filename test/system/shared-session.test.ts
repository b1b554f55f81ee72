import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { people } from '../harness/people.ts';
import { startSmallSystem } from '../harness/small-system.ts';
import type { SmallSystem, TestMachine } from '../harness/small-system.ts';
import { CallRefused } from '../harness/workspace-peer.ts';
import type { WorkspacePeer } from '../harness/workspace-peer.ts';

// A job that runs on while its console is gone, and two people before one screen: real shell, agent and relay.
describe('a session and those who come to it', () => {
  let system: SmallSystem;
  let machine: TestMachine;
  let workspace: WorkspacePeer;

  beforeAll(async () => {
    system = await startSmallSystem({ preferredPort: 48_870 });
    machine = await system.addMachine('PRIM-SHARED-01');
    workspace = await system.enter(people.technician);
  }, 60_000);
  afterAll(() => system?.dispose());

  it('runs on when the console is killed, and another laptop takes it up after a new sign-in', async () => {
    const first = await workspace.openTerminal(machine.machineId);
    await first.untilText('$ ');
    await first.run('here=$$; echo "job star""ted"; sleep 1 &');
    workspace.dispose();
    const laptop = await system.enter(people.technician);
    const { openSessions, person } = laptop.entered;
    expect(openSessions.map(({ sessionId }) => sessionId)).toEqual([first.sessionId]);
    await laptop.call('session.take', { sessionId: first.sessionId, from: person.userId });
    const back = await laptop.attachTerminal(machine.machineId, first.sessionId);
    await back.untilText('job started\r\n');
    back.type('test "$here" = $$ && echo "same sh""ell"\r');
    await back.untilText('same shell\r\n');
    await laptop.call('session.close', { sessionId: first.sessionId });
    await back.untilEnded();
    workspace = laptop;
  });

  it('shows both what happens; one types, the other takes over where that was announced', async () => {
    const marisol = await workspace.openTerminal(machine.machineId);
    await marisol.untilText('$ ');
    const { sessionId } = marisol;
    const owner = workspace.entered.person.userId;
    const sam = await system.enter(people.admin);
    const { sessions } = await sam.call('session.list', { machineId: machine.machineId });
    expect(sessions).toMatchObject([{ sessionId, typist: { userId: owner }, away: false }]);
    const watching = await sam.attachTerminal(machine.machineId, sessionId, { mode: 'watch' });
    await marisol.until('to be watched', () => marisol.people?.watchers.length === 1);
    watching.type('touch /tmp/never\r');
    await marisol.run('echo "seen by b""oth"');
    await watching.untilText('seen by both\r\n');
    expect(marisol.output().toString()).not.toContain('never');

    await sam.call('session.take', { sessionId, from: owner });
    await watching.until('the keyboard', () => watching.people?.mode === 'type');
    await marisol.until('to be told', () => marisol.people?.mode === 'watch');
    expect(marisol.people?.typist.userId).toBe(sam.entered.person.userId);
    await watching.run('echo "typed by s""am"');
    await marisol.untilText('typed by sam\r\n');
    await expect(workspace.call('session.close', { sessionId })).rejects.toThrow(CallRefused);

    const reviewer = await system.enter(people.reviewer);
    const looking = await reviewer.attachTerminal(machine.machineId, sessionId, { mode: 'watch' });
    await looking.untilText('typed by sam\r\n');
    looking.type('exit\r');
    await looking.until('to be put out', () => looking.closedBy === 'role_insufficient');
    await watching.run('true');
    await sam.call('session.close', { sessionId });
    await marisol.untilEnded();
    const lines = (await reviewer.call('audit.list', { afterSeq: 0, limit: 500 })).lines.join('\n');
    expect(lines.match(/"event":"session\.(taken_over|watched)"/g)).toHaveLength(4);
  });
});
