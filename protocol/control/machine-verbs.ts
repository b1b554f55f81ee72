// The verbs about machines, a part of the table in verbs.ts: to find them, and what an administrator changes of them.
import { z } from 'zod';
import { Count, Time } from '../measures.ts';
import { MachineId } from '../ids.ts';
import { MACHINE_NAME_MAX_LENGTH } from '../machine-name.ts';
import { DirectoryVersion, MachineCard, MachineHit, MachineRow } from '../records.ts';
import { admins, everyone } from './verb-roles.ts';

const Empty = z.object({});

export const machineVerbs = {
  /**
   * Opens an attempt when none is open. An empty query lists. `settled`: the person pressed Enter. Longer or
   * stranger queries than a name can be are refused with `query_invalid`.
   */
  'machine.search': {
    roles: everyone,
    params: z.object({
      query: z.string().max(65_536),
      settled: z.boolean(),
      limit: z.number().int().min(1).max(200),
    }),
    result: z.object({
      /** Best first. */
      machines: z.array(MachineHit),
      /** Where nothing is named as it was typed: what is one slip away. Counts as nothing found. */
      close: z.array(MachineHit).default([]),
      total: Count,
      /** There are more than `total`: counting stopped there. */
      more: z.boolean().default(false),
    }),
  },
  /** A stretch of the directory by name; see `machines.patch` for what changes after `version`. */
  'machine.list': {
    roles: everyone,
    byItself: true,
    params: z.object({
      offset: Count,
      limit: z.number().int().min(1).max(500),
    }),
    result: z.object({
      version: DirectoryVersion,
      total: Count,
      machines: z.array(MachineRow),
    }),
  },
  /**
   * Names that could be taken for the new one keep it from being given, until that was seen and `confirmed`.
   * `name_invalid`, or `conflict` when the machine is not named `expected` any more.
   */
  'machine.rename': {
    roles: admins,
    params: z.object({
      machineId: MachineId,
      expected: z.string().max(MACHINE_NAME_MAX_LENGTH),
      name: z.string().max(65_536),
      confirmed: z.boolean(),
    }),
    result: z.discriminatedUnion('renamed', [
      z.object({ renamed: z.literal(true), machine: MachineRow }),
      z.object({ renamed: z.literal(false), confusableWith: z.array(z.string()) }),
    ]),
  },
  /**
   * Ends its sessions and closes its connection; its credential is unknown from here on. What was done on it
   * stays for review. `name` is the name as typed: `conflict` when the machine is not named so.
   */
  'machine.remove': {
    roles: admins,
    stepUp: true,
    params: z.object({ machineId: MachineId, name: z.string().max(MACHINE_NAME_MAX_LENGTH) }),
    result: Empty,
  },
  /** The alert about its key is settled; a quarantined machine may connect again. */
  'machine.release': {
    roles: admins,
    stepUp: true,
    params: z.object({ machineId: MachineId }),
    result: Empty,
  },
  /** `not_found` for a machine that this workspace does not have. */
  'machine.get': {
    roles: everyone,
    byItself: true,
    params: z.object({ machineId: MachineId }),
    result: MachineCard,
  },
  /** A round trip to the agent, now. */
  'machine.probe': {
    roles: everyone,
    byItself: true,
    params: z.object({ machineId: MachineId }),
    result: z.discriminatedUnion('reachable', [
      z.object({ reachable: z.literal(true), at: Time, roundTripMs: z.number().nonnegative() }),
      z.object({ reachable: z.literal(false), at: Time }),
    ]),
  },
} as const;
