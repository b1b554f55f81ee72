// What the relay can be asked, read from its own tables: verbs, messages, routes. Whatever of it no case tries is named.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AgentToTerminal } from '#protocol/control/agent-to-terminal.ts';
import { AgentToWorkspace } from '#protocol/control/agent-to-workspace.ts';
import { ConsoleToTerminal } from '#protocol/control/console-to-terminal.ts';
import { ConsoleToWorkspace } from '#protocol/control/console-to-workspace.ts';
import { VERB_NAMES, verbs } from '#protocol/control/verbs.ts';
import { ROUTE_NAMES } from '#protocol/routes.ts';
import { repositoryRoot } from '../../../build/repository-root.ts';
import { decoyOf } from '../organizations/subject.ts';
import type { Subject } from '../organizations/subject.ts';
import { clerkId } from '../tokens/mint.ts';
import { verbCases } from './verb-cases.ts';

/** Messages that the visits try, by who says them; see visit.ts and machine-attacks.ts. */
const MESSAGE_CASES: Readonly<Record<string, readonly string[]>> = {
  'console to workspace': ['request', 'token'],
  'console to terminal': ['hello', 'resize'],
  'agent to workspace': ['hello', 'pong', 'ticket.request', 'session.failed', 'checkpoint.request'],
  'agent to terminal': ['hello', 'fact', 'input.at', 'screen'],
};

/** Everything without a case, one sentence each. */
export function gaps(routeCases: ReadonlySet<string>): string[] {
  const tables: Readonly<Record<string, z.ZodType>> = {
    'console to workspace': ConsoleToWorkspace,
    'console to terminal': ConsoleToTerminal,
    'agent to workspace': AgentToWorkspace,
    'agent to terminal': AgentToTerminal,
  };
  return [
    ...VERB_NAMES.flatMap((verb) => verbGaps(verb)),
    ...Object.keys(verbCases)
      .filter((verb) => !Object.hasOwn(verbs, verb))
      .map((verb) => `the case ${verb} is of no verb`),
    ...Object.entries(tables).flatMap(([who, schema]) =>
      typesOf(schema)
        .filter((type) => MESSAGE_CASES[who]?.includes(type) !== true)
        .map((type) => `the message ${type} from ${who} has no case`),
    ),
    ...ROUTE_NAMES.filter((route) => !routeCases.has(route)).map((route) => `the route ${route} has no case`),
    ...unlistedRoutes(),
  ];
}

function verbGaps(verb: keyof typeof verbs): string[] {
  const found = verbCases[verb];
  if (found === undefined) return [`the verb ${verb} has no case`];
  if (found.kind === 'visit') return [];
  const mine = madeUp();
  const theirs = madeUp();
  const calls = found.calls(mine, theirs);
  const ids = idFields(z.toJSONSchema(verbs[verb].params, { unrepresentable: 'any' }), '');
  return ids
    .filter((path) => !calls.some((params) => isTheirs(valueAt(params, path), theirs)))
    .map((path) => `no case of the verb ${verb} fills ${path} with another organization’s`);
}

function madeUp(): Subject {
  const template = { machineName: 'x', enrollmentCode: 'ce1.e30.x', credential: 'cm1.e30.x' };
  // Only these texts are read of it.
  return decoyOf(template as Subject, () => clerkId('org'));
}

const ID_PATTERN = /^\^\(?(?:org|user|sess|mac|ses|run|enr|ent|att|evt|cmd)_/;

/** Paths of the strings in a JSON schema that are ids. */
function idFields(node: unknown, path: string): string[] {
  if (typeof node !== 'object' || node === null) return [];
  if (Array.isArray(node)) return node.flatMap((one) => idFields(one, path));
  const schema: Record<string, unknown> = { ...node };
  const own = typeof schema['pattern'] === 'string' && ID_PATTERN.test(schema['pattern']) ? [path] : [];
  const properties = schema['properties'];
  const below =
    typeof properties === 'object' && properties !== null
      ? Object.entries(properties).flatMap(([name, value]) =>
          idFields(value, path === '' ? name : `${path}.${name}`),
        )
      : [];
  return [
    ...new Set([
      ...own,
      ...below,
      ...['anyOf', 'oneOf', 'allOf', 'items', 'prefixItems'].flatMap((key) => idFields(schema[key], path)),
    ]),
  ];
}

function valueAt(params: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => {
    if (Array.isArray(value)) return value.map((one) => valueAt(one, name));
    return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  }, params);
}

function isTheirs(value: unknown, theirs: Subject): boolean {
  return Array.isArray(value)
    ? value.some((one) => isTheirs(one, theirs))
    : Object.values(theirs).includes(value);
}

function typesOf(schema: z.ZodType): string[] {
  const text = JSON.stringify(z.toJSONSchema(schema, { unrepresentable: 'any' }));
  return [...text.matchAll(/"type":\{"type":"string","const":"([^"]+)"\}/g)].map(([, type = '']) => type);
}

/** The worker serves what the table says: a route of its own would go unseen. */
function unlistedRoutes(): string[] {
  const source = readFileSync(join(repositoryRoot, 'relay/worker.ts'), 'utf8');
  const served = [...source.matchAll(/\brelay\.(?:get|post|put|patch|delete|options|all|on|route|mount)\(/g)];
  const ofTable = /\brelay\.on\(routes\[name\]\.method, routes\[name\]\.path, /.test(source);
  return served.length === 1 && ofTable
    ? []
    : ['relay/worker.ts serves a route that protocol/routes.ts does not list'];
}
