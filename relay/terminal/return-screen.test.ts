import { describe, expect, it } from 'vitest';
import { CREDIT_WINDOW_BYTES, encodeFrame, FrameKind } from '#protocol/frame/frame.ts';
import { clockStands, openSession, output, size } from '../testing/open-session.ts';
import type { TerminalSocket } from '../testing/terminal-socket.ts';

const CHUNK = 'x'.repeat(64 * 1024);
const MISSED_BYTES = 3 * CREDIT_WINDOW_BYTES;

/** Output that nobody watches: the recorder lets it flow. */
async function missedOutput(agent: TerminalSocket): Promise<void> {
  await agent.message('welcome');
  for (let at = 0; at < MISSED_BYTES; at += CHUNK.length) {
    await agent.until('credit', () => agent.lastOffset(FrameKind.credit) >= at + CHUNK.length);
    agent.sendFrame(output(at, CHUNK));
  }
  await agent.until('all of it recorded', () => agent.lastOffset(FrameKind.free) === MISSED_BYTES);
}

const picture = (offsetBytes: number) => ({
  type: 'screen',
  picture: { offsetBytes, size, data: btoa('the screen') },
});

describe('a console that comes back', () => {
  it('gets the screen in place of more than a window of output, and what follows', async () => {
    const { ticket, attach, plug } = await openSession();
    const agent = await plug(ticket);
    await missedOutput(agent);
    const console = await attach(0, { takesScreen: true });
    await agent.message('screen.request');
    // Sent before the picture, so in it; the console must not see it twice.
    agent.sendFrame(output(MISSED_BYTES, 'in the picture'));
    agent.say(picture(MISSED_BYTES + 14));
    expect(await console.message('screen')).toEqual(picture(MISSED_BYTES + 14));
    agent.sendFrame(output(MISSED_BYTES + 14, ' and after it'));
    console.sendFrame(encodeFrame(FrameKind.outputAck, MISSED_BYTES + 14));
    await console.until('what follows', () => console.output() === ' and after it');
    // It paces the machine as soon as it has drawn the picture, and not before.
    console.sendFrame(encodeFrame(FrameKind.outputAck, MISSED_BYTES + 20));
    await agent.until('credit', () => agent.lastOffset(FrameKind.free) >= MISSED_BYTES + 20);
    expect(agent.lastOffset(FrameKind.credit)).toBeGreaterThanOrEqual(MISSED_BYTES + CREDIT_WINDOW_BYTES);
  });

  it('gets a small gap as it was, and every byte where it asks for that or no screen can be made', async () => {
    const { ticket, attach, plug } = await openSession();
    const agent = await plug(ticket);
    await missedOutput(agent);
    const near = await attach(MISSED_BYTES - 5, { takesScreen: true });
    await near.until('the gap', () => near.output() === 'xxxxx');
    const exact = await attach(0);
    await exact.until('a window', () => exact.output().length === CREDIT_WINDOW_BYTES);
    // It reads the recording: the machine is not held up by it.
    agent.sendFrame(output(MISSED_BYTES, 'on'));
    await agent.until('forgotten', () => agent.lastOffset(FrameKind.free) === MISSED_BYTES + 2);
    expect(agent.messages.some(({ type }) => type === 'screen.request')).toBe(false);

    const without = await attach(0, { takesScreen: true });
    await agent.message('screen.request');
    expect(without.output()).toBe('');
    agent.say({ type: 'screen', picture: null });
    await without.until('the output itself', () => without.output().length === CREDIT_WINDOW_BYTES);
  });

  it('gets the output itself in place of a screen that stands beyond all output', async () => {
    const { ticket, attach, plug } = await openSession();
    const agent = await plug(ticket);
    await missedOutput(agent);
    const console = await attach(0, { takesScreen: true });
    await agent.message('screen.request');
    agent.say(picture(Number.MAX_SAFE_INTEGER));
    await console.until('the output', () => console.output().length === CREDIT_WINDOW_BYTES);
    expect(console.messages.some(({ type }) => type === 'screen')).toBe(false);
  });

  it('gets the screen from the agent that comes back, and the output when it goes', async () => {
    clockStands();
    const { ticket, attach, plug, newTicket } = await openSession();
    const agent = await plug(ticket);
    await missedOutput(agent);
    agent.close();
    const console = await attach(0, { takesScreen: true });
    await console.until('the output itself', () => console.output().length === CREDIT_WINDOW_BYTES);
    const again = await plug(await newTicket(), MISSED_BYTES);
    await again.message('screen.request');
    again.close();
    console.sendFrame(encodeFrame(FrameKind.outputAck, CREDIT_WINDOW_BYTES));
    await console.until('more of it', () => console.output().length === 2 * CREDIT_WINDOW_BYTES);
  });
});
