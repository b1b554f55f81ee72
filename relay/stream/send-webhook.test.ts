import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import type { StreamReceiver } from '#protocol/stream.ts';
import type { Batch } from './batch.ts';
import { sendWebhook } from './send-webhook.ts';

const key = new Uint8Array(32).fill(7);
const org = `org_${'w'.repeat(27)}`;
const line = JSON.stringify({
  id: 'evt_01HZZZZZZZZZZZZZZZZZZZZZZZ',
  v: 1,
  event: 'machine.reachable',
  code: 'MA2',
  seq: 8,
  at: 0,
  org_id: org,
  actor: { system: 'relay' },
  device: null,
  correlation_id: 'c',
  op_id: 'o',
  outcome: 'ok',
  machine_id: 'mac_01HZZZZZZZZZZZZZZZZZZZZZZZ',
});
const batch: Batch = {
  org,
  firstSeq: 8,
  lastSeq: 8,
  attempt: 2,
  events: [{ event: 'machine.reachable', at: 0, line }],
};
type Given = Extract<StreamReceiver, { kind: 'webhook' }>;
const receiver: Given = { kind: 'webhook', url: 'https://siem.example/in', authorization: 'Splunk t' };

/** What a receiver gets that answers so. */
async function sent(answer: () => Response, given: Given = receiver) {
  const got: { url: string; init: RequestInit; body: string }[] = [];
  const receivers = {
    fetch: async (url: string, init: RequestInit) => {
      got.push({ url, init, body: await new Response(init.body).text() });
      return answer();
    },
    connect: () => {
      throw new Error('a webhook needs no socket');
    },
  };
  const trouble = await sendWebhook(given, batch, key, { receivers, now: Date.now });
  return { trouble, got };
}

describe('a batch for a webhook', () => {
  it('is signed, says that it may have come before, and is taken by a 2xx answer alone', async () => {
    const { trouble, got } = await sent(() => new Response(null, { status: 204 }));
    expect(trouble).toBeNull();
    const headers = Object.fromEntries(new Headers(got[0]?.init.headers));
    expect(headers).toMatchObject({
      'caisey-attempt': '2',
      'webhook-id': `${org}.8-8`,
      authorization: 'Splunk t',
    });
    const body = got[0]?.body ?? '';
    expect(body).toBe(`${line}\n`);
    const library = new Webhook(`whsec_${key.toBase64()}`);
    expect(() => library.verify(body, headers, { jsonParse: false })).not.toThrow();
    expect(() => library.verify(`${body} `, headers, { jsonParse: false })).toThrow();
    for (const status of [301, 400, 410, 500]) {
      const refused = await sent(() => new Response('inner secrets', { status }));
      expect([status, refused.trouble, refused.got.length]).toEqual([status, 'refused', 1]);
      expect(refused.got[0]?.init.redirect).toBe('manual');
    }
    const gone = () => {
      throw new Error('connection to 10.0.0.7:22 refused');
    };
    expect((await sent(gone)).trouble).toBe('unreachable');
  });

  it('is OCSF or ECS where that is wanted', async () => {
    const { got } = await sent(() => new Response(), { ...receiver, form: 'ocsf' });
    expect(JSON.parse(got[0]?.body ?? '')).toMatchObject({ class_uid: 6003, raw_data: line });
  });
});

describe('a receiver', () => {
  it('is HTTPS and no more than a host is told of it', async () => {
    const { shownReceiver, StreamReceiver: Schema } = await import('#protocol/stream.ts');
    const ofUrl = (url: string) => Schema.safeParse({ ...receiver, url });
    for (const url of [
      'http://siem.example/in',
      'https://user:secret@siem.example/',
      'https://siem.example/#part',
      'https://siem.example\\@inner/',
      'https://siem.example/\n',
      'ftp://siem.example/',
      'https://',
    ])
      expect([url, ofUrl(url).success]).toEqual([url, false]);
    const fine = ofUrl('https://siem.example:8088/services/collector?token=planted');
    expect(fine.success && shownReceiver(fine.data)).toEqual({
      kind: 'webhook',
      host: 'siem.example:8088',
      form: null,
    });
  });
});
