import { z } from 'zod';
import { FrameKind, encodeFrame } from '#protocol/frame/frame.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import { AttackConsole, ENTER, granted } from '../attack/attack-console.ts';
import type { Canaries } from '../attack/canaries.ts';
import { ProveSocket } from '../attack/prove-socket.ts';
import type { ProvenRelay } from '../relay/proven-relay.ts';
import { clerkId, mintToken, tokenSource } from '../tokens/mint.ts';
import type { Bearer } from '../tokens/mint.ts';
import { LightAgent, newMachineKey, postEnrollment } from './light-agent.ts';
import type { Enrolled, MachineKey } from './light-agent.ts';
import type { LightProgram } from './light-session.ts';
import { newUlid } from './subject.ts';
import type { Subject } from './subject.ts';

/** One organization of a proof, with something in every place where a workspace keeps anything. */
export interface Organization {
  readonly subject: Subject;
  readonly canary: string;
  readonly admin: Bearer;
  readonly technician: Bearer;
  readonly reviewer: Bearer;
  readonly agent: LightAgent;
  /** Enrolled, without an agent: whoever proves its key comes as it. */
  readonly spare: { readonly enrolled: Enrolled; readonly key: MachineKey; readonly hostname: string };
  /** Of its unused enrollment code, epoch ms. */
  readonly codeExpiresAt: number;
  /** A ticket that was used. */
  readonly usedTicket: string;
}

export interface SetUp {
  readonly relay: ProvenRelay;
  readonly canaries: Canaries;
  /** What an organization's own people receive: its own from then on, or, once others were there, to be looked through. */
  readonly onOwn: (org: string, text: string) => void;
}

const SIZE = { cols: 80, rows: 24 };

/** An entered console; everything it receives is the organization's own from then on. */
export async function enterAs({ relay, onOwn }: SetUp, bearer: Bearer): Promise<AttackConsole> {
  const newToken = (): string => mintToken(relay, bearer);
  const socket = await ProveSocket.dial({
    url: `${relay.url}/v1/workspace`,
    headers: { Authorization: `Bearer ${newToken()}` },
    onReceived: (text) => onOwn(bearer.org, text),
  });
  if (!(socket instanceof ProveSocket)) throw new Error('no relay to enter');
  return new AttackConsole(socket, newToken);
}

const must = async (console: AttackConsole, verb: string, params: unknown) =>
  granted(verb, await console.call(verb, params));
const text = (value: unknown): string => z.string().parse(value);

export async function setUpOrganization(setUp: SetUp, index: number): Promise<Organization> {
  const { relay, canaries } = setUp;
  const org = clerkId('org');
  const canary = canaries.plant(org);
  const person = (role: Bearer['role'], name: string): Bearer => {
    const bearer = { org, userId: clerkId('user'), sid: clerkId('sess'), role, name: `${name} ${canary}` };
    canaries.claim(org, `${org} ${bearer.userId} ${bearer.sid}`);
    return bearer;
  };
  const [admin, technician, reviewer] = [
    person('admin', 'Anders'),
    person('technician', 'Tess'),
    person('reviewer', 'Marisol'),
  ];
  const machineName = `PRINT-${canary}`;
  const inside = await enterAs(setUp, admin);
  const entryId = text((await must(inside, 'workspace.enter', ENTER))['entryId']);
  const frame = {
    colour: 'teal',
    glyph: 'ring',
    code: `P${index}`.slice(0, 4),
    name: `Client ${canary}`,
    emphasis: [0, 6],
  };
  await must(inside, 'frame.set', { expected: null, frame });
  const { runbookId } = await must(inside, 'runbook.save', {
    runbookId: null,
    title: `Fix ${canary}`,
    description: canary,
    steps: [`echo ${canary}`],
  });

  const enrollAs = async (name: string, hostname: string) => {
    const { code } = await must(inside, 'enrollment.create', { machineName: name });
    const key = newMachineKey();
    const { enrolled, text: answer } = await postEnrollment(relay.url, text(code), key, hostname);
    if (enrolled === null) throw new Error(`not enrolled: ${answer}`);
    canaries.claim(org, answer);
    return { enrolled, key, hostname };
  };
  const main = await enrollAs(machineName, `host-${canary}`);
  const spare = await enrollAs(`SPARE-${canary}`, `spare-${canary}`);
  let usedTicket = '';
  const agent = await LightAgent.connect({
    url: relay.url,
    ...main,
    program: () => greeting(canary),
    onReceived: (received) => {
      canaries.claim(org, received);
      usedTicket = /"ticket":"([^"]+)"/.exec(received)?.[1] ?? usedTicket;
    },
  });
  const { machineId } = main.enrolled;
  const recordedId = await recordSession(setUp, technician, machineId, canary);
  const { sessionId } = await must(inside, 'session.open', { machineId, size: SIZE });
  const { code, enrollmentId, expiresAt } = await must(inside, 'enrollment.create', {
    machineName: `NEXT-${canary}`,
  });
  const { exportId } = await must(inside, 'evidence.open', {
    edition: 'reviewer',
    fromSeq: 1,
    toSeq: null,
    lastSeenSize: null,
  });
  inside.socket.cut();
  return {
    subject: {
      org,
      userId: admin.userId,
      sid: admin.sid,
      entryId,
      machineId,
      machineName,
      sessionId: text(sessionId),
      recordedId,
      runbookId: text(runbookId),
      enrollmentId: text(enrollmentId),
      enrollmentCode: text(code),
      credential: main.enrolled.credential,
      exportId: text(exportId),
      bait: canary.slice(0, 12),
      token: tokenSource(() => mintToken(relay, { ...admin, sid: clerkId('sess') })),
    },
    canary,
    admin,
    technician,
    reviewer,
    agent,
    spare,
    codeExpiresAt: z.number().parse(expiresAt),
    usedTicket,
  };
}

/** A technician looks for what is not there, gives up, then works on the machine and closes the session. */
async function recordSession(
  setUp: SetUp,
  technician: Bearer,
  machineId: string,
  canary: string,
): Promise<string> {
  const inside = await enterAs(setUp, technician);
  await must(inside, 'workspace.enter', ENTER);
  await must(inside, 'link.open', { machineId, alertId: canary });
  await must(inside, 'machine.search', { query: `gone-${canary}`, settled: true, limit: 5 });
  await must(inside, 'attempt.dismiss', {});
  const sessionId = text((await must(inside, 'session.open', { machineId, size: SIZE }))['sessionId']);
  const terminal = await attachTo(setUp, technician, machineId, sessionId);
  await terminal.untilOutput(canary);
  await must(inside, 'session.close', { sessionId });
  await terminal.socket.next((received) => received.includes('"ended"'));
  terminal.socket.cut();
  await must(inside, 'workspace.leave', { reason: 'closed' });
  return sessionId;
}

/** The console's end of a session: says hello, acknowledges what comes. */
export async function attachTo(
  { relay, onOwn }: SetUp,
  bearer: Bearer,
  machineId: string,
  sessionId: string,
): Promise<{ readonly socket: ProveSocket; readonly untilOutput: (text: string) => Promise<void> }> {
  const socket = await ProveSocket.dial({
    url: `${relay.url}/v1/terminals/${machineId}/${sessionId}`,
    headers: { Authorization: `Bearer ${mintToken(relay, bearer)}` },
    onReceived: (received) => onOwn(bearer.org, received),
  });
  if (!(socket instanceof ProveSocket)) throw new Error('no relay for a terminal');
  let output = '';
  let look = (): void => {};
  socket.listen((received, isBinary) => {
    if (!isBinary || received.charCodeAt(0) !== FrameKind.output) return;
    output += received.slice(10);
    socket.sendBytes(encodeFrame(FrameKind.outputAck, output.length));
    look();
  });
  socket.send({ type: 'hello', protocolVersion: PROTOCOL_VERSION, outputOffsetBytes: 0, size: SIZE });
  return {
    socket,
    untilOutput: (wanted) =>
      new Promise((resolve, reject) => {
        look = () => {
          if (output.includes(wanted)) resolve();
        };
        look();
        void socket.ended.then((ending) => reject(new Error(`no output: ${JSON.stringify(ending)}`)));
      }),
  };
}

function greeting(canary: string): LightProgram {
  const output = Buffer.from(`Welcome to ${canary}\r\n$ echo ${canary}\r\n${canary}\r\n$ `);
  const commandId = `cmd_${newUlid()}`;
  return {
    availableBytes: () => output.length,
    read: (from, to) => output.subarray(from, to),
    typed: () => {},
    facts: [
      { fact: 'started', pid: 1, shell: '/bin/bash', user: `root-${canary}` },
      // Branded by the relay's own schema when it arrives.
      {
        fact: 'command.started',
        commandId: commandId as never,
        line: `echo ${canary}`,
        cwd: `/srv/${canary}`,
        trusted: true,
        outputOffsetBytes: 4,
      },
      { fact: 'command.finished', commandId: commandId as never, exitCode: 0, durationMs: 5, trusted: true },
    ],
  };
}
