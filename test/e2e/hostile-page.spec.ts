import { createServer } from 'node:http';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { people } from '../harness/people.ts';
import { openStage } from '../harness/stage.ts';
import type { Stage } from '../harness/stage.ts';
import { waitFor } from '../harness/wait-for.ts';
import { openSession, signIn } from './story/keyboard.ts';
import { PRIMARY, WESTSIDE } from './story/story.ts';

const SECRET = 'spoolctl purge --planted-secret';

// Scripts of our own inside Westside's page: what a taken-over renderer could do, in the real application.
test.describe('a hostile page', () => {
  let stage: Stage;
  let output = '';
  test.beforeAll(async () => {
    stage = await openStage({
      preferredPort: 48_960,
      log: (text) => {
        output += text;
      },
    });
    const launcher = await stage.console.launcher();
    for (const [typed, name] of [
      ['primary', PRIMARY],
      ['westside', WESTSIDE],
    ] as const) {
      await launcher.keyboard.type(typed);
      await launcher.keyboard.press('Enter');
      const page = await stage.console.workspace(name);
      await signIn(page, people.technician);
      await expect(page.getByRole('combobox', { name: 'Search machines' })).toBeVisible();
      if (name === PRIMARY) await call(page, 'workspace.showLauncher');
    }
  });
  test.afterAll(() => stage?.dispose());

  const orgOf = (name: string): string =>
    stage.system.workspaces.find(({ frame }) => frame.name === name)?.orgId ?? '';

  test('calls what is not its own, and is told one thing', async () => {
    const page = await stage.console.workspace(WESTSIDE);
    const org = orgOf(PRIMARY);
    const refused = { code: 'call_refused', text: 'This window may not do that.' };
    for (const [name, params] of [
      ['launcher.state'],
      ['launcher.open', { orgId: org }],
      ['launcher.cancel'],
      ['paste.warning'],
      ['paste.decide', { release: true }],
      ['add.offer'],
      ['add.choose', { orgIds: [org] }],
      ['__proto__'],
      ['constructor'],
      ['toString', {}],
      ['workspace.window '],
    ] as const)
      expect([name, await call(page, name, params)]).toEqual([name, refused]);
    for (const [name, params] of [
      ['workspace.window', { orgId: org }],
      ['workspace.setState', { state: 'open', __proto__: null, orgId: 7, x: 'y'.repeat(10) }],
      ['workspace.setMachine', { name: 'x'.repeat(121) }],
      ['workspace.focusNumber', { number: 1e9 }],
      ['clipboard.copy', { text: 'x'.repeat(5 * 1024 * 1024) }],
      ['clipboard.paste', { intoTerminal: 'yes' }],
    ] as const) {
      const answer = await call(page, name, params);
      if (name === 'workspace.setState') continue;
      expect([name, answer]).toMatchObject([name, { code: 'call_malformed' }]);
    }
    const told = await call(page, 'workspace.window');
    expect(told).toMatchObject({ orgId: orgOf(WESTSIDE) });
    expect(JSON.stringify(told)).not.toContain(org);
    expect(JSON.stringify(told)).not.toContain('Primary');
  });

  test('asks the identity proxy for another client in every place a name fits, and gets nothing', async () => {
    const page = await stage.console.workspace(WESTSIDE);
    const [own, other] = [orgOf(WESTSIDE), orgOf(PRIMARY)];
    const { sid, answers } = await page.evaluate(
      async ({ own: mine, other: theirs }) => {
        const ask = async (path: string, init: RequestInit = {}) => {
          try {
            const answer = await fetch(path, init);
            return { path, status: answer.status, body: await answer.text() };
          } catch (error) {
            return { path, status: 0, body: String(error) };
          }
        };
        const client = await ask('/__fapi/v1/client?_is_native=1');
        const id =
          (JSON.parse(client.body) as { response: { sessions: { id: string }[] } }).response.sessions[0]
            ?.id ?? '';
        const session = `/__fapi/v1/client/sessions/${id}`;
        const form = { 'content-type': 'application/x-www-form-urlencoded' };
        const post = (path: string, body: string, headers: Record<string, string> = form) =>
          ask(path, { method: 'POST', headers, body });
        const all = [
          client,
          await post(`${session}/tokens`, `organization_id=${theirs}`),
          await post(`${session}/tokens`, `organization_id=${mine}&organization_id=${theirs}`),
          await post(`${session}/tokens?organization_id=${theirs}`, `organization_id=${mine}`),
          await post(
            `${session}/tokens`,
            `organization_id=${encodeURIComponent(encodeURIComponent(`${theirs} `))}`,
          ),
          await post(`${session}/tokens`, `organization_id%5B%5D=${theirs}&organization_id=${mine}`),
          await post(`${session}/tokens`, `Organization_Id=${theirs}&organization_id=${mine}`),
          await post(`${session}/tokens`, ''),
          await post(`${session}/tokens`, 'organization_id='),
          await post(`${session}/tokens`, JSON.stringify({ organization_id: theirs }), {
            'content-type': 'application/json',
          }),
          await post(`${session}/tokens/relay`, `organization_id=${mine}`),
          await post(`${session}/touch`, `active_organization_id=${theirs}&intent=select_org`),
          await post(`${session}/touch`, 'intent=select_org'),
          await post(`${session}/touch?_method=PATCH`, `active_organization_id=${mine}`),
          await post(`${session}/touch?_method=POST&_method=GET`, `active_organization_id=${mine}`),
          await post(`${session}?_method=DELETE`, ''),
          await ask(`${session}/touch`, { method: 'PATCH', body: `active_organization_id=${theirs}` }),
          await ask(`/__fapi/v1/organizations/${theirs}`),
          await ask(`/__fapi/v1/organizations/${theirs}/memberships`),
          await ask('/__fapi/v1/me'),
          await ask('/__fapi/v1/me/organization_invitations'),
          await ask(`/__fapi/v1/me/organization_memberships?organization_id=${theirs}`),
          await ask('/__fapi/v1/me/organization_memberships?paginated=true&limit=100&offset=0&_is_native=1'),
          await ask(`/__fapi/v1/client/..%2f..%2fv1/organizations/${theirs}`),
          await ask(`/__fapi/v1/client/../organizations/${theirs}`),
          await ask(`/__fapi//v1/client`),
          await ask(`/__fapi/v1/client%00`),
          await ask(`/__fapi/V1/client`),
          await ask('/__fapi/__local/sessions/x/factor-age', { method: 'POST', body: '{}' }),
          await ask('/__fapi/v1/jwks'),
          await ask('/__fapi/v1/client', { method: 'HEAD' }),
          await ask('/__fapi/v1/client', { method: 'OPTIONS' }),
          await ask('/__fapi/v1/client?_is_native=1', {
            headers: { 'x-http-method-override': 'DELETE', authorization: 'Bearer x' },
          }),
        ];
        return { sid: id, answers: all };
      },
      { own, other },
    );
    expect(sid).toMatch(/^sess_/);
    for (const { path, body } of answers) {
      const token = /"jwt":"[^.]+\.([^.]+)\./.exec(body)?.[1];
      const inside = token === undefined ? '' : Buffer.from(token, 'base64url').toString();
      for (const name of [other, 'Primary', 'dentalcare-primary'])
        expect([path, `${body}${inside}`.includes(name)]).toEqual([path, false]);
    }
    const granted = answers
      .filter(({ status }) => status === 200)
      .map(({ path }) => path.replace(sid, 'SID'));
    expect(granted).toEqual([
      '/__fapi/v1/client?_is_native=1',
      '/__fapi/v1/me/organization_memberships?paginated=true&limit=100&offset=0&_is_native=1',
      '/__fapi/v1/client?_is_native=1',
    ]);
  });

  test('reads no file but its own bundles, and every answer carries a policy', async () => {
    const page = await stage.console.workspace(WESTSIDE);
    const answers = await page.evaluate(async () => {
      const paths = [
        '/../../etc/passwd',
        '/..%2f..%2f..%2fetc/passwd',
        '/%2e%2e/%2e%2e/etc/passwd',
        '/assets/%00.js',
        '/..\\..\\package.json',
        '/.%2e/preload.cjs',
        '/launcher.html',
        '/paste-warning.html',
        '/preload.cjs',
        '//etc/passwd',
        '/workspace.html',
        '/workspace.html/..%2flauncher.html',
        '/__fapi/v1/organizations',
      ];
      return Promise.all(
        [
          ...paths.map((path) => `app://console${path}`),
          'app://other/workspace.html',
          'file:///etc/passwd',
        ].map(async (url) => {
          try {
            const answer = await fetch(url);
            return { url, status: answer.status, policy: answer.headers.get('content-security-policy') };
          } catch {
            return { url, status: 0, policy: 'none was needed' };
          }
        }),
      );
    });
    for (const { url, status, policy } of answers) {
      expect([url, status === 200]).toEqual([
        url,
        url.endsWith('/workspace.html') && url.includes('//console/'),
      ]);
      expect([url, policy]).toEqual([url, expect.any(String)]);
    }
  });

  test('moves no window and reads no clipboard from the background', async () => {
    const { console } = stage;
    const [primary, westside] = [await console.workspace(PRIMARY), await console.workspace(WESTSIDE)];
    const focused = () =>
      console.application.evaluate(({ BrowserWindow }) => BrowserWindow.getFocusedWindow()?.getTitle() ?? '');
    await console.copyOutside('from a password manager');
    await call(westside, 'workspace.focusNumber', { number: 1 });
    await waitFor('Primary to have the focus', async () => (await focused()).includes(PRIMARY));
    expect(await call(westside, 'clipboard.paste', { intoTerminal: false })).toEqual({ kind: 'empty' });
    await call(westside, 'clipboard.copy', { text: 'planted' });
    expect(await console.application.evaluate(({ clipboard }) => clipboard.readText())).toBe(
      'from a password manager',
    );
    await call(westside, 'workspace.focusNumber', { number: 2 });
    await call(westside, 'workspace.showLauncher');
    await call(westside, 'workspace.requestSwitch');
    await call(westside, 'workspace.frameRefused', { why: 'role_insufficient' });
    const file = { step: 'begin', name: 'evidence.ndjson' };
    expect(await call(westside, 'evidence.file', file)).toEqual({ name: null });
    expect(await focused()).toContain(PRIMARY);
    await call(primary, 'workspace.focusNumber', { number: 2 });
    await waitFor('Westside to have the focus', async () => (await focused()).includes(WESTSIDE));
  });

  test('asks about a text of another client by drops and selections, and is told one thing', async () => {
    const { console } = stage;
    const [primary, westside] = [await console.workspace(PRIMARY), await console.workspace(WESTSIDE)];
    await call(westside, 'workspace.focusNumber', { number: 1 });
    await call(primary, 'clipboard.copy', { text: SECRET });
    await call(primary, 'workspace.focusNumber', { number: 2 });
    const told = await westside.evaluate(async (guess) => {
      const { caisey } = window as unknown as {
        caisey: {
          call: (name: string, params: unknown) => Promise<unknown>;
          on: (name: string, listener: (x: unknown) => void) => () => void;
        };
      };
      const heard: unknown[] = [];
      const stop = caisey.on('paste.fieldReport', (report) => heard.push(report));
      const dropped = new DataTransfer();
      dropped.setData('text/plain', guess);
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: dropped, bubbles: true }));
      for (const params of [{ text: guess }, { text: null }, { how: 'drop' }, { how: 'drop', text: guess }])
        await caisey.call('clipboard.refused', params).catch(() => undefined);
      stop();
      return heard;
    }, SECRET);
    const report = { provenance: 'outside', decision: 'blocked', lines: 0, bytes: 0, controlChars: 0 };
    expect(told.length).toBeGreaterThan(0);
    expect(told).toEqual(told.map(() => report));
  });

  test('gets a held text neither before the chord nor after its workspace was locked', async () => {
    const { console } = stage;
    const [primary, westside] = [await console.workspace(PRIMARY), await console.workspace(WESTSIDE)];
    await openSession(westside, 'WEST-FILE-01');
    await westside.evaluate(() => {
      const told: unknown[] = [];
      Reflect.set(window, 'told', told);
      for (const name of ['paste.released', 'paste.releasedIntoField', 'paste.fieldReport'])
        (Reflect.get(window, 'caisey') as { on: (name: string, listener: (x: unknown) => void) => void }).on(
          name,
          (payload) => told.push(payload),
        );
    });
    await call(westside, 'workspace.focusNumber', { number: 1 });
    await waitFor('the copy in Primary', async () => {
      await call(primary, 'clipboard.copy', { text: SECRET });
      return console.application.evaluate(
        async ({ clipboard }, text) => (await clipboard.readText()) === text,
        SECRET,
      );
    });
    await call(primary, 'workspace.focusNumber', { number: 2 });
    const answer = await waitFor('the paste to be held', async () => {
      const given = await call(westside, 'clipboard.paste', { intoTerminal: true });
      return (given as { kind?: string }).kind === 'held' ? given : null;
    });
    expect(JSON.stringify(answer)).not.toContain('planted');
    expect(JSON.stringify(answer)).not.toContain('Primary');
    await console.pasteWarning();
    // The workspace locks beneath the warning: by its own idle limit, a revocation, or the page itself.
    await call(westside, 'workspace.setState', { state: 'signed_out' });
    await expect.poll(() => console.pages('paste').length).toBe(0);
    const told = await westside.evaluate(() => JSON.stringify(Reflect.get(window, 'told')));
    expect(told).toBe('[]');
  });

  // Last: Playwright waits for the refused navigations for good.
  test('sends nothing out, goes nowhere and gets no permission', async () => {
    const page = await stage.console.workspace(WESTSIDE);
    const heard: string[] = [];
    const server = createServer((request, response) => {
      heard.push(request.url ?? '');
      response.setHeader('access-control-allow-origin', '*');
      response.end('x');
    });
    server.on('upgrade', (request, socket) => {
      heard.push(request.url ?? '');
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const before = page.url();
    const permissions = await page.evaluate(async (out) => {
      const quietly = async (what: () => unknown) => {
        try {
          await Promise.race([what(), new Promise((resolve) => setTimeout(resolve, 300))]);
        } catch {
          // Refused at once.
        }
      };
      const web = `http://127.0.0.1:${out}`;
      await quietly(() => fetch(`${web}/fetch`, { mode: 'no-cors' }));
      await quietly(() => fetch(`http://user:pass@127.0.0.1:${out}/userinfo`));
      await quietly(() => navigator.sendBeacon(`${web}/beacon`, 'x'));
      await quietly(() => new WebSocket(`ws://127.0.0.1:${out}/ws`));
      await quietly(() => new EventSource(`${web}/events`));
      await quietly(() => new Worker(URL.createObjectURL(new Blob([`fetch('${web}/worker')`]))));
      await quietly(() => import(`${web}/module.js`));
      await quietly(() => window.open(`${web}/open`));
      await quietly(() => window.open('file:///etc/passwd'));
      for (const [tag, attribute] of [
        ['img', 'src'],
        ['iframe', 'src'],
        ['script', 'src'],
        ['link', 'href'],
        ['video', 'src'],
        ['object', 'data'],
        ['embed', 'src'],
        ['webview', 'src'],
      ] as const)
        await quietly(() => {
          const element = document.createElement(tag);
          if (tag === 'link') element.setAttribute('rel', 'prefetch');
          element.setAttribute(attribute, `${web}/${tag}`);
          document.body.append(element);
        });
      await quietly(() => {
        const form = document.createElement('form');
        form.action = `${web}/form`;
        document.body.append(form);
        form.submit();
      });
      await quietly(() => {
        const anchor = document.createElement('a');
        anchor.href = `${web}/ping`;
        anchor.ping = `${web}/pinged`;
        anchor.download = 'x';
        document.body.append(anchor);
        anchor.click();
      });
      await quietly(() => location.assign(`${web}/assign`));
      await quietly(() => location.assign('file:///etc/passwd'));
      await quietly(() => location.assign('app://console/launcher.html'));
      await quietly(() => {
        const script = document.createElement('script');
        script.textContent = 'window.planted = 1';
        document.body.append(script);
      });
      await quietly(() => {
        const peer = new RTCPeerConnection({ iceServers: [{ urls: `stun:127.0.0.1:${out}` }] });
        peer.createDataChannel('x');
        return peer.createOffer().then((offer) => peer.setLocalDescription(offer));
      });
      const denied: string[] = [];
      await navigator.clipboard.readText().then(
        () => undefined,
        () => denied.push('clipboard'),
      );
      await navigator.mediaDevices.getUserMedia({ audio: true }).then(
        () => undefined,
        () => denied.push('microphone'),
      );
      await Notification.requestPermission().then((answer) => denied.push(`notification ${answer}`));
      return { denied, planted: Reflect.get(window, 'planted') === undefined };
    }, port);
    expect(permissions).toEqual({
      denied: ['clipboard', 'microphone', 'notification denied'],
      planted: true,
    });
    expect(page.url()).toBe(before);
    expect(stage.console.application.windows()).toHaveLength(3);
    expect(heard).toEqual([]);
    server.close();
  });

  test('leaves no token in what the console prints', () => {
    expect(output).not.toMatch(/eyJ[\w-]{10,}\.eyJ/);
    expect(output).not.toContain('planted-secret');
    expect(output).not.toContain(people.technician.password);
  });
});

/** @returns the answer, or the failure that the call was refused with */
function call(page: Page, name: string, params?: unknown): Promise<unknown> {
  return page.evaluate(
    async ([called, given]) => {
      const { caisey } = window as unknown as {
        caisey: { call: (name: string, params?: unknown) => Promise<unknown> };
      };
      try {
        return await caisey.call(called as string, given);
      } catch (failure) {
        return failure;
      }
    },
    [name, params],
  );
}
