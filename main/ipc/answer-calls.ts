// The only user of ipcMain: one handler for every call of the contract.
import { ipcMain, type IpcMainInvokeEvent } from 'electron';
import {
  CALL_CHANNEL,
  calls,
  type CallName,
  type CallParams,
  type CallReply,
  type CallResult,
} from '#contract/ipc.ts';
import type { Log } from '../log.ts';
import { checkCall } from './call-gate.ts';
import type { Caller, Callers } from './callers.ts';

/** An expected failure that the page should show: its code and text are passed on. */
export class CallError extends Error {
  readonly code: string;

  constructor(code: string, text: string) {
    super(text);
    this.code = code;
  }
}

type CallerFor<C extends CallName, W, P> = Extract<Caller<W, P>, { surface: (typeof calls)[C]['surface'] }>;
/** A call without a result may simply end. */
type Answered<R> = undefined extends R ? void : R;
export type CallHandlers<W, P> = {
  readonly [C in CallName]: (
    params: CallParams<C>,
    caller: CallerFor<C, W, P>,
  ) => Answered<CallResult<C>> | Promise<Answered<CallResult<C>>>;
};

export interface AnswerCallsOptions<W, P> {
  readonly callers: Callers<W, P>;
  readonly handlers: CallHandlers<W, P>;
  /** Checks our own answers too; costs time, so in development alone. */
  readonly checkResults: boolean;
  readonly log: Log;
}

export function answerCalls<W, P>(options: AnswerCallsOptions<W, P>): void {
  ipcMain.handle(CALL_CHANNEL, (event, name: unknown, params: unknown) =>
    answer(options, event, name, params),
  );
}

async function answer<W, P>(
  { callers, handlers, checkResults, log }: AnswerCallsOptions<W, P>,
  event: IpcMainInvokeEvent,
  name: unknown,
  params: unknown,
): Promise<CallReply> {
  const caller = callers.get(event.sender.id);
  const frame = event.senderFrame;
  const checked = checkCall(
    {
      surface: caller?.surface ?? null,
      isMainFrame: frame !== null && frame === event.sender.mainFrame,
      url: frame?.url ?? null,
    },
    name,
    params,
  );
  if (!checked.ok || caller === undefined) {
    log('call.refused', { surface: caller?.surface ?? null, name: String(name).slice(0, 60) });
    return checked.ok ? internal() : checked;
  }
  // The gate has compared the surface and parsed the parameters of this very name.
  const handler = handlers[checked.name] as (params: unknown, caller: unknown) => unknown;
  try {
    const value = await handler(checked.params, caller);
    return { ok: true, value: checkResults ? calls[checked.name].result.parse(value) : value };
  } catch (error) {
    if (error instanceof CallError) return { ok: false, failure: { code: error.code, text: error.message } };
    log('call.failed', { name: checked.name, error: error instanceof Error ? error.message : String(error) });
    return internal();
  }
}

function internal(): CallReply {
  return {
    ok: false,
    failure: { code: 'internal', text: 'Something went wrong in the console. Try again.' },
  };
}
