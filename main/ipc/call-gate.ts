// What is checked of a call before any feature sees it: a known name, sent by the main frame of exactly the
// page that may use it, with parameters of the right form.
import { calls, type CallFailure, type CallName, type Surface } from '#contract/ipc.ts';
import { pageUrl } from '../partitions/app-files.ts';

export interface CallSender {
  /** Null: none of our windows. */
  readonly surface: Surface | null;
  readonly isMainFrame: boolean;
  /** Address of the sending frame; null once it is gone. */
  readonly url: string | null;
}

export type GateAnswer =
  | { readonly ok: true; readonly name: CallName; readonly params: unknown }
  | { readonly ok: false; readonly failure: CallFailure };

/** One answer for an unknown call, a foreign page and a foreign surface: a page learns nothing from it. */
const REFUSED = { code: 'call_refused', text: 'This window may not do that.' } as const;

export function checkCall(sender: CallSender, name: unknown, params: unknown): GateAnswer {
  if (!isCallName(name)) return { ok: false, failure: REFUSED };
  const call = calls[name];
  const fromItsPage =
    sender.surface === call.surface && sender.isMainFrame && sender.url === pageUrl(call.surface);
  if (!fromItsPage) return { ok: false, failure: REFUSED };
  const parsed = call.params.safeParse(params);
  if (!parsed.success)
    return {
      ok: false,
      failure: { code: 'call_malformed', text: `${name} was called with wrong parameters.` },
    };
  return { ok: true, name, params: parsed.data };
}

function isCallName(name: unknown): name is CallName {
  return typeof name === 'string' && Object.hasOwn(calls, name);
}
