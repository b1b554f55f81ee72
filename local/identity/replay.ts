import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { shapeDifferences, shapeSchema } from './shape-difference.ts';
import type { Difference } from './shape-difference.ts';
import { totpCode } from './totp.ts';

const step = z.strictObject({
  name: z.string(),
  api: z.enum(['frontend', 'backend']),
  method: z.enum(['GET', 'POST', 'DELETE']),
  path: z.string(),
  /** The kind of user that the step is for; without it, those with a password, with or without TOTP. */
  only: z.enum(['totp', 'password', 'email_code', 'client_trust', 'enterprise_sso']).optional(),
  query: z.record(z.string(), z.string()).optional(),
  form: z.record(z.string(), z.string()).optional(),
  status: z.number().int(),
  body: shapeSchema,
  /** Variable → dotted path in the answer. */
  save: z.record(z.string(), z.string()).optional(),
});

const recording = z.strictObject({
  about: z.array(z.string()),
  frontendQuery: z.record(z.string(), z.string()),
  shapes: z.record(z.string(), shapeSchema),
  steps: z.array(step),
});

export type Recording = z.infer<typeof recording>;

export type UserKind = NonNullable<z.infer<typeof step>['only']>;

export type ReplayTarget = {
  kind: UserKind;
  frontendUrl: string;
  backendUrl: string;
  secretKey: string;
  identifier: string;
  password: string;
  totpSecret?: string;
  /** The newest code sent to the user by e-mail. */
  mailed?: () => Promise<string>;
  /** A JWT template that the instance has. */
  template?: string;
};

export type StepOutcome =
  | { name: string; state: 'replayed'; differences: Difference[] }
  | { name: string; state: 'skipped'; reason: string };

export function readRecording(file: string): Recording {
  return recording.parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** Plays every recorded exchange against one instance. Rejects only where the instance cannot be reached. */
export async function replay(recorded: Recording, target: ReplayTarget): Promise<StepOutcome[]> {
  const variables: Record<string, string> = {
    identifier: target.identifier,
    password: target.password,
    ...(target.template === undefined ? {} : { template: target.template }),
  };
  let clientToken = '';
  const outcomes: StepOutcome[] = [];
  for (const step of recorded.steps) {
    const meant = step.only ?? (target.kind === 'totp' ? 'totp' : 'password');
    if (meant !== target.kind) continue;
    const texts = [step.path, ...Object.values(step.form ?? {}), ...Object.values(step.query ?? {})];
    if (target.mailed !== undefined && texts.includes('{mailed}')) variables.mailed = await target.mailed();
    if (target.totpSecret !== undefined) variables.code = totpCode(target.totpSecret, Date.now());
    const missing = texts
      .flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name))
      .find((name) => variables[name] === undefined);
    if (missing !== undefined) {
      outcomes.push({ name: step.name, state: 'skipped', reason: `no ${missing} is known` });
      continue;
    }
    const fill = (text: string) =>
      text.replaceAll(/\{(\w+)\}/g, (_all, name: string) => variables[name] ?? '');
    const frontend = step.api === 'frontend';
    const url = new URL(fill(step.path), frontend ? target.frontendUrl : target.backendUrl);
    const query = frontend ? { ...recorded.frontendQuery, ...step.query } : (step.query ?? {});
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, fill(value));
    if (frontend && step.method === 'DELETE') url.searchParams.set('_method', 'DELETE');
    const authorization = frontend ? clientToken : `Bearer ${target.secretKey}`;
    const response = await fetch(url, {
      method: step.method === 'GET' ? 'GET' : 'POST',
      headers: authorization === '' ? {} : { authorization },
      redirect: 'error',
      signal: AbortSignal.timeout(20_000),
      ...(step.method === 'GET' ? {} : { body: formOf(step.form ?? {}, fill) }),
    });
    const body: unknown = await response.json().catch(() => null);
    const issued = response.headers.get('authorization');
    if (frontend && issued !== null && issued !== '') clientToken = issued.replace(/^Bearer /, '');
    for (const [name, path] of Object.entries(step.save ?? {})) {
      const value = valueAt(body, path);
      if (value !== null) variables[name] = value;
    }
    const differences = shapeDifferences(step.body, body, recorded.shapes);
    if (response.status !== step.status) {
      const detail = `recorded as ${step.status}, here ${response.status}`;
      differences.unshift({ kind: 'type', path: '(status)', detail });
    }
    outcomes.push({ name: step.name, state: 'replayed', differences });
  }
  return outcomes;
}

function formOf(form: Record<string, string>, fill: (text: string) => string): URLSearchParams {
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries(form)) fields.set(name, fill(value));
  return fields;
}

function valueAt(body: unknown, path: string): string | null {
  let value: unknown = body;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null) return null;
    value = new Map(Object.entries(value)).get(key);
  }
  return typeof value === 'string' ? value : null;
}
