import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MachineId, OrgId } from '#protocol/ids.ts';
import { formatLink } from '#protocol/link.ts';
import { linkInArguments } from './link-in-arguments.ts';

const link = {
  orgId: OrgId.parse('org_2NcrG06nygvGgnGJP8GD0WyIT41'),
  machineId: MachineId.parse('mac_0123456789ABCDEFGHJKMNPQRS'),
  alertId: 'alert-9',
};
const text = formatLink(link);

describe('linkInArguments', () => {
  it('finds one link wherever it stands', () => {
    const options = ['.', '--allow-file-access', '--config=x', '--type=caisey://open/x'];
    fc.assert(
      fc.property(fc.shuffledSubarray([...options, text], { minLength: 5 }), (argv) => {
        expect(linkInArguments(argv)).toEqual({ kind: 'link', link });
      }),
    );
  });

  it('takes two links for none, and says so of a malformed one', () => {
    for (const argv of [
      [text, text],
      [text, 'caisey://open/other'],
      [` ${text}`],
      [text.toUpperCase()],
      ['caisey:javascript:alert(1)'],
      ['CAISEY://open/x/y'],
      [`${text}\n`],
      [`${text}&x=1`],
      [text.replace('/mac_', '/../mac_')],
    ])
      expect(linkInArguments(argv), JSON.stringify(argv)).toEqual({ kind: 'refused' });
    expect(linkInArguments(['--config=x', 'https://caisey/open'])).toEqual({ kind: 'none' });
  });

  it('never makes a link of anything but the exact form', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.nat({ max: text.length }), (noise, at) => {
        fc.pre(noise !== '');
        const found = linkInArguments([text.slice(0, at) + noise + text.slice(at)]);
        // Noise may lengthen the alert's free text or change an id into another well-formed one; nothing else passes.
        if (found.kind === 'link')
          expect(formatLink(found.link)).toBe(text.slice(0, at) + noise + text.slice(at));
      }),
    );
  });

  it('knows the way back from a sign-in in the browser, and takes no other address for it', () => {
    const back = 'caisey://sso-callback';
    for (const [address, nonce] of [
      [`${back}?rotating_token_nonce=aB3-_.~`, 'aB3-_.~'],
      [`${back}/?created_session_id=sess_1&rotating_token_nonce=abc`, 'abc'],
      [`${back}?rotating_token_nonce=abc#`, 'abc'],
      [`${back}?__clerk_status=failed`, null],
      [back, null],
    ] as const)
      expect(linkInArguments(['--config=x', address]), address).toEqual({
        kind: 'sign_in',
        callback: { nonce },
      });
    for (const address of [
      `${back}?rotating_token_nonce=`,
      `${back}?rotating_token_nonce=a&rotating_token_nonce=b`,
      `${back}?rotating_token_nonce=a%2Fb`,
      `${back}?rotating_token_nonce=${'a'.repeat(600)}`,
      `${back}?x=${'a'.repeat(3000)}`,
      `${back}.evil?rotating_token_nonce=abc`,
      `${back}/deeper?rotating_token_nonce=abc`,
      `${back}:1?rotating_token_nonce=abc`,
      `CAISEY://sso-callback?rotating_token_nonce=abc`,
      `${back}?rotating_token_nonce=abc\nx`,
    ])
      expect(linkInArguments([address]), address).toEqual({ kind: 'refused' });
    expect(linkInArguments([`${back}?rotating_token_nonce=a`, text])).toEqual({ kind: 'refused' });
  });
});
