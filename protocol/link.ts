// Links to a machine card, as chat and alerting tools post them. A link names a place; it grants nothing.
import { z } from 'zod';
import { AlertId, MachineId, OrgId } from './ids.ts';

const MachineLink = z.object({ orgId: OrgId, machineId: MachineId, alertId: AlertId.nullable() });
export type MachineLink = z.infer<typeof MachineLink>;

export const LINK_SCHEME = 'caisey';
const LINK_MAX_LENGTH = 512;
// Anchored and literal: URL parsers differ on custom schemes, dot segments and encodings.
const LINK = /^caisey:\/\/open\/(?<orgId>[^/?#]+)\/(?<machineId>[^/?#]+)(?:\?alert=(?<alertId>[^&#]+))?$/;
const LANDING = /^\/open\/(?<orgId>[^/]+)\/(?<machineId>[^/]+)$/;

/** Parse `caisey://open/<organization>/<machine>[?alert=<id>]`; null for anything else. */
export function parseLink(text: string): MachineLink | null {
  if (text.length > LINK_MAX_LENGTH) return null;
  return fromGroups(LINK.exec(text)?.groups);
}

export function formatLink({ orgId, machineId, alertId }: MachineLink): string {
  return `${LINK_SCHEME}://open/${orgId}/${machineId}${alertId === null ? '' : `?alert=${alertId}`}`;
}

/** Parse the https landing page's path and query, for tools that only link to https. */
export function parseLandingUrl(pathname: string, alert: string | null): MachineLink | null {
  if (pathname.length > LINK_MAX_LENGTH) return null;
  const groups = LANDING.exec(pathname)?.groups;
  return groups === undefined
    ? null
    : fromGroups({ ...groups, ...(alert === null ? {} : { alertId: alert }) });
}

function fromGroups(groups: Record<string, string> | undefined): MachineLink | null {
  if (groups === undefined) return null;
  const parsed = MachineLink.safeParse({ ...groups, alertId: groups['alertId'] ?? null });
  return parsed.success ? parsed.data : null;
}
