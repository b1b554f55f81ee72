// A recording from the relay, page by page. The first page is recorded there, with its purpose.
import type { VerbParams, VerbResult } from '#protocol/control/verbs.ts';
import type { SessionId } from '#protocol/ids.ts';
import type { CallError } from '../../connection/call-error.ts';
import type { Call } from '../../connection/relay-client.ts';

type Page = VerbResult<'recording.read'>;
type Purpose = NonNullable<VerbParams<'recording.read'>['purpose']>;

/** @param onPage false: no more is wanted. @returns the relay's refusal, or null at the end */
export async function readRecording(
  call: Call,
  sessionId: SessionId,
  purpose: Purpose,
  onPage: (events: Page['events']) => boolean | Promise<boolean>,
): Promise<CallError | null> {
  let cursor: number | null = null;
  do {
    const page: Awaited<ReturnType<typeof readPage>> = await readPage(call, { sessionId, cursor, purpose });
    if (!page.ok) return page.error;
    if (!(await onPage(page.result.events))) return null;
    cursor = page.result.nextCursor;
  } while (cursor !== null);
  return null;
}

function readPage(call: Call, params: VerbParams<'recording.read'>) {
  return call('recording.read', params);
}
