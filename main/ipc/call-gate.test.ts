import { describe, expect, it } from 'vitest';
import { calls, type CallName, type Surface } from '#contract/ipc.ts';
import { pageUrl } from '../partitions/app-files.ts';
import { checkCall, type CallSender } from './call-gate.ts';

const from = (surface: Surface, change: Partial<CallSender> = {}): CallSender => ({
  surface,
  isMainFrame: true,
  url: pageUrl(surface),
  ...change,
});
const orgId = 'org_2VxBvWYGxPGdCvksnMITjN4MLzP';
const surfaces: Surface[] = ['launcher', 'workspace', 'paste'];
const names = Object.keys(calls) as CallName[];

describe('checkCall', () => {
  it('takes a call from its own page', () => {
    expect(checkCall(from('launcher'), 'launcher.open', { orgId })).toEqual({
      ok: true,
      name: 'launcher.open',
      params: { orgId },
    });
    expect(checkCall(from('workspace'), 'workspace.window', undefined).ok).toBe(true);
  });

  it('refuses every call from every other surface', () => {
    for (const name of names)
      for (const surface of surfaces.filter((one) => one !== calls[name].surface))
        expect(checkCall(from(surface), name, undefined), `${surface} ${name}`).toMatchObject({
          failure: { code: 'call_refused' },
        });
  });

  it('refuses sub-frames, other addresses and windows that are not ours', () => {
    const page = pageUrl('workspace');
    for (const change of [
      { isMainFrame: false },
      { url: null },
      { url: `${page}#x` },
      { url: `${page}?x` },
      { url: 'app://console/launcher.html' },
      { url: 'about:blank' },
      { url: 'https://console/workspace.html' },
      { surface: null },
    ])
      expect(
        checkCall(from('workspace', change), 'workspace.window', undefined).ok,
        JSON.stringify(change),
      ).toBe(false);
  });

  it('refuses unknown names, inherited ones and wrong parameters', () => {
    for (const name of [
      '',
      'workspace',
      '__proto__',
      'constructor',
      'toString',
      7,
      null,
      ['workspace.window'],
    ])
      expect(checkCall(from('workspace'), name, undefined).ok, String(name)).toBe(false);
    for (const params of [undefined, null, {}, { orgId: 'org_../../x' }, { orgId: [orgId] }])
      expect(checkCall(from('launcher'), 'launcher.open', params)).toMatchObject({
        failure: { code: 'call_malformed' },
      });
  });

  it('takes changed keys as names and chords of its own lists, and nothing else from one client to another', () => {
    const change = (changes: unknown) => checkCall(from('workspace'), 'workspace.changeKeys', changes);
    for (const changes of [
      {},
      { runbooks: 'Control+Shift+F9' },
      { runbooks: 'Control+Shift+KeyE', review: 'Control+Shift+KeyR', find: 'Alt+Shift+Meta+Slash' },
    ])
      expect(change(changes)).toMatchObject({ ok: true, params: changes });
    for (const changes of [
      // What is typed in one client's page would be text in another's.
      { theadminpasswordis: 'Control+Shift+F9' },
      { runbooks: 'the admin password is hunter2' },
      { runbooks: 'Control+Shift+hunter2' },
      { runbooks: 'Control+Shift+F99' },
      { runbooks: 'Shift+Control+KeyQ' },
      { runbooks: 'Control+Control+Shift+KeyQ' },
      { runbooks: 'Control+Shift+KeyQ\n' },
      // Keys of a terminal, of a question, of what ends or gives away something; one key for two.
      { runbooks: 'Control+KeyQ' },
      { runbooks: 'Alt+Shift+KeyQ' },
      { runbooks: 'Control+Alt+KeyQ' },
      { runbooks: 'Control+Shift+Enter' },
      { copy: 'Control+Shift+KeyW', closeSession: 'Control+Shift+KeyC' },
      { closeSession: 'Control+Shift+F9' },
      { lock: 'Control+Shift+F9' },
      { find: 'Control+Shift+KeyC' },
      { find: 'Shift+Meta+KeyW' },
      { find: 'Control+Shift+F9', runbooks: 'Control+Shift+F9' },
    ])
      expect(change(changes), JSON.stringify(changes)).toMatchObject({
        failure: { code: 'call_malformed' },
      });
  });
});
