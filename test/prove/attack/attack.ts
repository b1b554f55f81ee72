import type { Organization } from '../organizations/organization.ts';
import type { Subject } from '../organizations/subject.ts';
import type { ProvenRelay } from '../relay/proven-relay.ts';
import type { Canaries } from './canaries.ts';
import type { DenialLedger } from './denial-ledger.ts';
import type { Scoreboard } from './scoreboard.ts';

export interface Attack {
  readonly relay: ProvenRelay;
  readonly canaries: Canaries;
  readonly ledger: DenialLedger;
  readonly score: Scoreboard;
}

/** One ordered pair. `nobody` has what does not exist. */
export interface Pair {
  readonly mine: Organization;
  readonly theirs: Subject;
  readonly nobody: Subject;
}

/** Headers, cookie and query that name the other organization beside one's own token. */
export function naming({ relay }: Attack, { theirs, mine }: Pair, path: string) {
  const admission = JSON.stringify({
    kind: 'console',
    person: { org: theirs.org, userId: theirs.userId, sid: theirs.sid, role: 'admin', name: 'x' },
    ip: null,
  });
  return {
    url: `${relay.url}${path}?organization_id=${theirs.org}&org=${theirs.org}&orgId=${theirs.org}&sid=${theirs.sid}`,
    headers: {
      'X-Caisey-Admission': encodeURIComponent(admission),
      'X-Organization-Id': theirs.org,
      'X-Org-Id': theirs.org,
      'Clerk-Organization-Id': theirs.org,
      'X-Forwarded-Host': `${theirs.org}.example`,
      Cookie: `__session=${theirs.token()}; __client_uat=1; org=${theirs.org}`,
      'X-Forwarded-For': '203.0.113.7',
      'X-User-Id': mine.admin.userId,
    },
  };
}
