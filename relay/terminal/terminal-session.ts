import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../config.ts';
export class TerminalSession extends DurableObject<Env> {}
