import { describe, expect, it } from 'vitest';
import { readBody } from './read-body.ts';

describe('a body', () => {
  const post = (body: BodyInit): Request => new Request('https://relay.test/', { method: 'POST', body });

  it('is read up to its limit and no further', async () => {
    expect(await readBody(post('1234'), 4)).toEqual({ ok: true, text: '1234' });
    expect(await readBody(post('12345'), 4)).toMatchObject({ ok: false, code: 'message_too_large' });
    expect(await readBody(new Request('https://relay.test/'), 4)).toEqual({ ok: true, text: '' });
  });

  it('is waited for only so long, however much of it keeps coming', async () => {
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) =>
        new Promise((resolve) => {
          setTimeout(() => {
            if (!cancelled) controller.enqueue(new Uint8Array([32]));
            resolve();
          }, 5);
        }),
      cancel: () => {
        cancelled = true;
      },
    });
    expect(await readBody(post(endless), 1e6, 40)).toMatchObject({ ok: false, code: 'handshake_late' });
    await expect.poll(() => cancelled).toBe(true);
  });
});
