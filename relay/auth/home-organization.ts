// Each object stores its organization when it is first reached and refuses every other for good,
// whatever name it was reached under. The stored record vouches for the organization afterwards.
import { OrgId } from '#protocol/ids.ts';
import { vouch } from './verified-org.ts';
import type { VerifiedOrg } from './verified-org.ts';

/** Thrown for a call that names another organization: only a routing bug can cause it. */
export class ForeignOrganization extends Error {
  constructor() {
    super('This object belongs to another organization.');
  }
}

/** The organization that this object belongs to, null before its first call. Needs table `home (org_id)`. */
export function homeOf(sql: SqlStorage): VerifiedOrg | null {
  const [row] = sql.exec<{ org_id: string }>('SELECT org_id FROM home').toArray();
  return row === undefined ? null : vouch(OrgId.parse(row.org_id));
}

/** Make `org` the object's home, or check that it is. */
export function settle(sql: SqlStorage, org: VerifiedOrg): VerifiedOrg {
  const home = homeOf(sql);
  if (home === null) {
    sql.exec('INSERT INTO home (only, org_id) VALUES (1, ?)', org);
    return org;
  }
  if (home !== org) throw new ForeignOrganization();
  return home;
}
