// How an organization stands: what its own people see of it, taken before and after all others tried.
import { z } from 'zod';
import { ENTER, granted } from '../attack/attack-console.ts';
import type { AttackConsole } from '../attack/attack-console.ts';
import type { DenialLedger } from '../attack/denial-ledger.ts';
import { clerkId } from '../tokens/mint.ts';
import { newMachineKey, postEnrollment } from './light-agent.ts';
import { attachTo, enterAs } from './organization.ts';
import type { Organization, SetUp } from './organization.ts';

/** What nobody but its own people may have changed, as text. */
export type Condition = Readonly<Record<string, string>>;

const Machines = z.object({
  machines: z.array(z.looseObject({ machineId: z.string(), name: z.string(), hostname: z.string() })),
});

async function inside(setUp: SetUp, organization: Organization): Promise<AttackConsole> {
  const console = await enterAs(setUp, { ...organization.admin, sid: clerkId('sess') });
  granted('workspace.enter', await console.call('workspace.enter', ENTER));
  return console;
}

export async function conditionOf(setUp: SetUp, organization: Organization): Promise<Condition> {
  const console = await inside(setUp, organization);
  const ask = async (verb: string, params: unknown) => granted(verb, await console.call(verb, params));
  const { subject } = organization;
  const { machines } = Machines.parse(await ask('machine.list', { offset: 0, limit: 500 }));
  const card = await ask('machine.get', { machineId: subject.machineId });
  const entered = await ask('workspace.enter', ENTER);
  const recording = await ask('recording.read', { sessionId: subject.recordedId, cursor: null });
  const condition = {
    machines: JSON.stringify(
      machines
        .map(({ machineId, name, hostname }) => `${machineId} ${name} ${hostname}`)
        .toSorted((a, b) => a.localeCompare(b)),
    ),
    sessions: JSON.stringify(card['recentSessions']),
    runbooks: JSON.stringify(await ask('runbook.list', {})),
    policy: JSON.stringify(await ask('policy.get', {})),
    frame: JSON.stringify(entered['frame']),
    recording: JSON.stringify(recording),
  };
  granted('workspace.leave', await console.call('workspace.leave', { reason: 'closed' }));
  return condition;
}

/** After everything: what changed that nobody may change, one sentence each. */
export async function faultsOf(
  setUp: SetUp,
  organization: Organization,
  before: Condition,
  ledger: DenialLedger,
): Promise<string[]> {
  const after = await conditionOf(setUp, organization);
  const changed = Object.keys(before)
    .filter((name) => before[name] !== after[name])
    .map((name) => `its ${name} changed`);
  return [
    ...changed,
    ...(await deadThings(setUp, organization)),
    ...(await auditFaults(setUp, organization, ledger)),
  ];
}

/** The standing session still runs, and the unused code still enrolls: once. */
async function deadThings(setUp: SetUp, organization: Organization): Promise<string[]> {
  const { subject, admin, canary } = organization;
  const faults: string[] = [];
  // Its console was away: joined again, which needs no new sign-in.
  const home = await enterAs(setUp, admin);
  const entered = await home.call('workspace.enter', ENTER);
  if (entered.kind !== 'reply' || !entered.ok) faults.push('its standing entry is gone');
  else {
    const terminal = await attachTo(setUp, admin, subject.machineId, subject.sessionId);
    await terminal.untilOutput(canary).catch(() => faults.push('its standing session is gone'));
    terminal.socket.cut();
  }
  home.socket.cut();
  const key = newMachineKey();
  const first = await postEnrollment(setUp.relay.url, subject.enrollmentCode, key, `late-${canary}`);
  // On a slow machine a proof may take longer than a code lives.
  if (first.enrolled === null && Date.now() < organization.codeExpiresAt)
    faults.push(`its unused enrollment code is dead: ${first.text}`);
  const second = await postEnrollment(setUp.relay.url, subject.enrollmentCode, key, `late-${canary}`);
  if (second.enrolled !== null) faults.push('its enrollment code enrolled twice');
  return faults;
}

const Page = z.object({ lines: z.array(z.string()), headSeq: z.number() });
const Line = z.looseObject({
  event: z.string(),
  seq: z.number(),
  org_id: z.string(),
  actor: z.record(z.string(), z.unknown()),
});

/** Every line is the organization's, by someone of its own; its denials are those that its people were told. */
async function auditFaults(
  setUp: SetUp,
  organization: Organization,
  ledger: DenialLedger,
): Promise<string[]> {
  const { org } = organization.subject;
  const console = await inside(setUp, organization);
  const faults = new Set<string>();
  const denied = new Map<string, number>();
  for (let seq = 0, head = 1; seq < head;) {
    const page = Page.parse(
      granted('audit.list', await console.call('audit.list', { afterSeq: seq, limit: 500 })),
    );
    head = page.headSeq;
    if (page.lines.length === 0) break;
    for (const text of page.lines) {
      const line = Line.parse(JSON.parse(text));
      seq = line.seq;
      if (line.org_id !== org) faults.add('its audit holds a line of another organization');
      if (setUp.canaries.foreign(org, text).length > 0)
        faults.add(`its audit names another organization’s: ${line.event}`);
      if (line.event !== 'access.denied') continue;
      const key = `${String(line.actor['user_id'])} ${String(line['verb'])}`;
      denied.set(key, (denied.get(key) ?? 0) + 1);
    }
  }
  console.socket.cut();
  return [...faults, ...ledger.compare(org, denied)];
}
