import { enterWorkspace } from '../../../local/demo/workspace-calls.ts';
import { signIn } from '../../../local/identity/sign-in.ts';
import { people } from '../../harness/people.ts';
import type { TestSystem } from '../../harness/test-system.ts';

export interface AuditLine {
  readonly event: string;
  readonly reason?: string;
  readonly queries?: readonly unknown[];
}

/** The public audit of a client: what an export to that client would hold. Read by a reviewer from Node. */
export async function auditLines(system: TestSystem, name: string): Promise<readonly AuditLine[]> {
  const orgId = system.workspaces.find(({ frame }) => frame.name === name)?.orgId;
  if (orgId === undefined) throw new Error(`no workspace ${name}`);
  const session = await signIn({ url: system.identity.url, ...people.reviewer, organizationId: orgId });
  const workspace = await enterWorkspace(system.relayUrl, session.token);
  const { lines } = await workspace.call('audit.list', { afterSeq: 0, limit: 500 });
  await workspace.leave();
  await session.signOut();
  return lines.map((line) => JSON.parse(line) as AuditLine);
}
