import { describe, expect, it, vi } from 'vitest';
import { FrameKind } from '#protocol/frame/frame.ts';
import { verbs } from '#protocol/control/verbs.ts';
import type { VerbResult } from '#protocol/control/verbs.ts';
import { auditOf } from '../testing/reach.ts';
import { openSession, output } from '../testing/open-session.ts';
import { testConfig } from '../testing/test-env.ts';

const CHUNK = 'x'.repeat(64 * 1024);

/** A session whose recording takes 100 bytes more, and a console that has all before. */
async function almostFull() {
  const { recordingMaxBytes: maxBytes } = testConfig();
  const session = await openSession();
  const agent = await session.plug(session.ticket);
  await agent.message('welcome');
  const started = { fact: 'started', pid: 1, shell: 'bash', user: 'root' };
  agent.say({ type: 'fact', factSeq: 1, at: 0, fact: started });
  const console = await session.attach(maxBytes - 100);
  await console.message('ready');
  const lastBytes = maxBytes - 100;
  for (let at = 0; at < lastBytes; at += CHUNK.length) {
    const text = CHUNK.slice(0, lastBytes - at);
    await agent.until('credit', () => agent.lastOffset(FrameKind.credit) >= at + text.length);
    agent.sendFrame(output(at, text));
  }
  return { ...session, workspace: session.console, agent, console, maxBytes, lastBytes };
}

describe('a recording that is full', () => {
  it('ends its session, is complete, and nobody is shown more than it holds', async () => {
    const { org, workspace, agent, console, sessionId, attach, maxBytes, lastBytes } = await almostFull();
    expect(console.messages.some(({ type }) => type === 'ended')).toBe(false);
    agent.sendFrame(output(lastBytes, 'y'.repeat(100) + 'z'.repeat(1000)));
    expect(await console.message('ended')).toMatchObject({
      reason: 'recording_full',
      outputEndBytes: maxBytes,
    });
    expect(console.output()).toBe('y'.repeat(100));
    await agent.until('told to close', () => agent.messages.some(({ type }) => type === 'close'));
    await agent.until('the close', () => agent.closedBy === 'session_ended');
    const late = await attach(maxBytes - 3);
    expect(await late.message('ended')).toMatchObject({ reason: 'recording_full' });
    expect(late.output()).toBe('yyy');
    const ended = await vi.waitFor(async () => {
      const line = (await auditOf(org)).at(-1);
      expect(line).toMatchObject({ event: 'session.ended', reason: 'recording_full', bytes_out: maxBytes });
      return line;
    });
    // Read to its end, by which its chain was held against what was signed.
    let recordedBytes = 0;
    let cursor: number | null = null;
    do {
      const page: VerbResult<'recording.read'> = verbs['recording.read'].result.parse(
        await workspace.result('recording.read', { sessionId, cursor }),
      );
      for (const event of page.events)
        if (event.kind === 'output') recordedBytes += Uint8Array.fromBase64(event.data).length;
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(recordedBytes).toBe(maxBytes);
    expect(await workspace.result('session.review', { sessionId })).toMatchObject({
      endReason: 'recording_full',
      recordingSha256: ended?.['recording_sha256'],
      exceptions: ['odd_end'],
    });
  });
});
