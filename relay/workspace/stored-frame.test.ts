import { describe, expect, it } from 'vitest';
import { derivedFrame, WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { OrgId } from '#protocol/ids.ts';
import { TestConsole } from '../testing/test-console.ts';
import { newId, testToken } from '../testing/test-token.ts';

const frame = WorkspaceFrame.parse({
  colour: 'amber',
  glyph: 'triangle',
  code: 'DCW',
  name: 'DentalCare_Westside',
  emphasis: [11, 19],
});

describe('the workspace frame', () => {
  it('keeps the name that it was stored with, whoever asks, and takes none that hides something', async () => {
    const console = await TestConsole.enter(await testToken({ org: newId('org'), role: 'admin' }));
    for (const name of ['Dental\u202eCare', 'DentalCare_\u200bWestside', 'DentalCare_Westside\u3164'])
      expect(await console.call('frame.set', { expected: null, frame: { ...frame, name } })).toMatchObject({
        error: { code: 'message_invalid' },
      });
    expect(await console.call('frame.set', { expected: null, frame })).toMatchObject({ ok: true });
    const renamed = { ...frame, code: 'DCP', name: 'DentalCare_Primary' };
    expect(await console.call('frame.set', { expected: frame, frame: renamed })).toMatchObject({
      error: { code: 'frame_name_kept' },
    });
    expect(await console.enter()).toMatchObject({ result: { frame } });
    const marked = { ...frame, code: 'DCX' };
    expect(await console.call('frame.set', { expected: frame, frame: marked })).toMatchObject({ ok: true });
  });

  it('is derived, and said to be, until an administrator stores one; the first wins', async () => {
    const org = newId('org');
    const first = await TestConsole.enter(await testToken({ org, role: 'admin' }));
    const second = await TestConsole.enter(await testToken({ org, role: 'admin' }));
    expect(await second.enter()).toMatchObject({
      ok: true,
      result: { frame: derivedFrame(OrgId.parse(org)), frameStored: false },
    });
    const technician = await TestConsole.enter(await testToken({ org, role: 'technician' }));
    const other = { ...frame, code: 'WEST' };
    expect(await technician.call('frame.set', { expected: null, frame: other })).toMatchObject({
      ok: false,
      error: { code: 'role_insufficient' },
    });
    expect(await first.call('frame.set', { expected: null, frame })).toMatchObject({ ok: true });
    expect(await second.call('frame.set', { expected: null, frame: other })).toMatchObject({
      ok: false,
      error: { code: 'conflict' },
    });
    // Joining the same entry on the same socket tells the frame, and changes nothing else.
    expect(await second.enter()).toMatchObject({
      ok: true,
      result: { resumed: true, frame, frameStored: true },
    });
  });
});
