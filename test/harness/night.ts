// What a night leaves in a workspace: sessions with commands, some of which failed, and attempts that came to nothing.
// A machine without a shell tells them by the real protocol, so that a hundred take seconds.
import { randomFillSync } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { CommandId, MachineId, ulid } from '#protocol/ids.ts';
import type { SessionId } from '#protocol/ids.ts';
import type { SessionFact } from '#protocol/control/agent-to-terminal.ts';
import { LightAgent, newMachineKey, postEnrollment } from '../prove/organizations/light-agent.ts';
import type { LightProgram } from '../prove/organizations/light-session.ts';
import type { WorkspacePeer } from './workspace-peer.ts';

export interface NightOptions {
  readonly relayUrl: string;
  readonly machineName: string;
  readonly sessions: number;
  /** Of so many sessions, one has a command that failed. */
  readonly failsEvery: number;
  readonly attempts: number;
  /** A stay of its own for each attempt. */
  readonly enterTechnician: () => Promise<WorkspacePeer>;
  readonly admin: WorkspacePeer;
}

const AT_ONCE = 8;
const SIZE = { cols: 100, rows: 30 };
const newId = () => ulid(Date.now(), randomFillSync);

/** @returns what must be disposed of, and the ids of the sessions */
export async function fillNight(
  options: NightOptions,
): Promise<{ dispose: () => void; sessionIds: SessionId[] }> {
  const { relayUrl, machineName, admin, enterTechnician } = options;
  const { code } = await admin.call('enrollment.create', { machineName });
  const key = newMachineKey();
  const { enrolled } = await postEnrollment(relayUrl, code, key, machineName.toLowerCase());
  if (enrolled === null) throw new Error('the machine was not enrolled');
  let number = 0;
  const agent = await LightAgent.connect({
    url: relayUrl,
    enrolled,
    key,
    hostname: machineName.toLowerCase(),
    program: () => program((number += 1), options.failsEvery),
    onReceived: () => {},
  });
  const machineId = MachineId.parse(enrolled.machineId);
  const technician = await enterTechnician();
  const sessionIds: SessionId[] = [];
  for (let done = 0; done < options.sessions; done += AT_ONCE) {
    const opened = await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, options.sessions - done) }, async () => {
        const { sessionId } = await technician.call('session.open', { machineId, size: SIZE });
        return sessionId;
      }),
    );
    sessionIds.push(...opened);
    await untilTold(admin, opened);
    for (const sessionId of opened) await technician.call('session.close', { sessionId });
  }
  for (let attempt = 1; attempt <= options.attempts; attempt += 1) {
    const lost = await enterTechnician();
    await lost.call('machine.search', { query: `PRIM-PRINT-0${attempt}`, settled: true, limit: 10 });
    await lost.leave('switched');
  }
  return {
    sessionIds,
    dispose: () => {
      agent.dispose();
      technician.dispose();
    },
  };
}

/** All commands of these sessions are in the record. */
async function untilTold(reviewer: WorkspacePeer, sessionIds: readonly SessionId[]): Promise<void> {
  for (const sessionId of sessionIds) {
    const isTold = async () => {
      const { commands } = await reviewer.call('session.review', { sessionId });
      return commands.length === LINES.length && commands.every(({ finishedAt }) => finishedAt !== null);
    };
    while (!(await isTold())) await delay(20);
  }
}

const LINES = ['lpstat -t', 'systemctl restart cups', 'journalctl -u cups -n 20'] as const;

function program(number: number, failsEvery: number): LightProgram {
  const facts: SessionFact[] = [{ fact: 'started', pid: 1, shell: 'bash', user: 'svc' }];
  let output = '';
  for (const [index, line] of LINES.entries()) {
    const commandId = CommandId.parse(`cmd_${newId()}`);
    output += `$ ${line}\r\n`;
    facts.push({
      fact: 'command.started',
      commandId,
      line,
      cwd: '/root',
      trusted: true,
      outputOffsetBytes: output.length,
    });
    output += `session ${number}: output of ${line}\r\n`.repeat(10);
    facts.push({
      fact: 'command.finished',
      commandId,
      exitCode: index === 1 && number % failsEvery === 0 ? 1 : 0,
      durationMs: 40 * (index + 1),
      trusted: true,
      outputEndBytes: output.length,
    });
  }
  const bytes = Buffer.from(output);
  return {
    availableBytes: () => bytes.length,
    read: (from, to) => bytes.subarray(from, to),
    typed: () => {},
    facts,
  };
}
