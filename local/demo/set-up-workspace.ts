import { join } from 'node:path';
import { OrgId } from '#protocol/ids.ts';
import type { MachineId } from '#protocol/ids.ts';
import type { MachineRow } from '#protocol/records.ts';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { signIn } from '../identity/sign-in.ts';
import type { Seed } from '../identity/seed.ts';
import { isEnrolled, prepareMachine, startMachine } from './demo-machine.ts';
import type { RunningMachine } from './demo-machine.ts';
import type { DemoWorkspace } from './demo-plan.ts';
import { enterWorkspace } from './workspace-calls.ts';
import type { WorkspaceCalls } from './workspace-calls.ts';

export interface SystemWorkspace {
  readonly orgId: OrgId;
  readonly frame: WorkspaceFrame;
  readonly machines: readonly { readonly machineId: MachineId; readonly name: string }[];
}

export interface SetUpOptions {
  readonly plan: DemoWorkspace;
  readonly seed: Seed;
  readonly identityUrl: string;
  readonly relayUrl: string;
  readonly folder: string;
  readonly agentModule: string;
  readonly onStarted: (machine: RunningMachine) => void;
}

/**
 * What an administrator does for a new client, done by the demo's administrator through the relay's own verbs:
 * the workspace frame, the runbooks, and one enrollment a machine. What is there already is left alone.
 * @throws Error with the relay's code and text when it refuses
 */
export async function setUpWorkspace(options: SetUpOptions): Promise<SystemWorkspace> {
  const { plan, seed, identityUrl, relayUrl } = options;
  const organization = seed.organizations.find(({ slug }) => slug === plan.organization);
  const admin = seed.users.find(({ memberships }) =>
    memberships.some(
      (membership) => membership.organization === plan.organization && membership.role === 'org:admin',
    ),
  );
  if (organization === undefined || admin === undefined) {
    throw new Error(
      `demo.json names ${plan.organization}, which has no organization or administrator in seed.json`,
    );
  }
  const orgId = OrgId.parse(organization.id);
  const session = await signIn({
    url: identityUrl,
    identifier: admin.email,
    password: admin.password,
    organizationId: orgId,
  });
  const workspace = await enterWorkspace(relayUrl, session.token);
  try {
    await setUpFrame(workspace, plan);
    await setUpRunbooks(workspace, plan);
    for (const machine of plan.machines) {
      const folder = await prepareMachine(join(options.folder, machine.name), machine);
      const enrollmentCode = isEnrolled(folder)
        ? null
        : (await workspace.call('enrollment.create', { machineName: machine.name })).code;
      const { agentModule } = options;
      options.onStarted(await startMachine({ machine, folder, relayUrl, enrollmentCode, agentModule }));
    }
    const machines = await listMachines(workspace);
    return {
      orgId,
      frame: plan.frame,
      machines: machines.map(({ machineId, name }) => ({ machineId, name })),
    };
  } finally {
    await workspace.leave();
    await session.signOut();
  }
}

async function setUpFrame(workspace: WorkspaceCalls, { frame }: DemoWorkspace): Promise<void> {
  const { frame: present, frameStored } = workspace.entered;
  if (JSON.stringify(present) === JSON.stringify(frame)) return;
  await workspace.call('frame.set', { expected: frameStored ? present : null, frame });
}

async function setUpRunbooks(workspace: WorkspaceCalls, plan: DemoWorkspace): Promise<void> {
  const { runbooks } = await workspace.call('runbook.list', {});
  for (const runbook of plan.runbooks) {
    if (runbooks.some(({ title }) => title === runbook.title)) continue;
    await workspace.call('runbook.save', { ...runbook, runbookId: null });
  }
}

async function listMachines(workspace: WorkspaceCalls): Promise<readonly MachineRow[]> {
  const { machines } = await workspace.call('machine.search', { query: '', settled: false, limit: 200 });
  return machines;
}
