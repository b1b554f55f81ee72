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
});
