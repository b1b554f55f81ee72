import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { extremeForms, hostileStreams } from '../harness/hostile-output.ts';
import { people } from '../harness/people.ts';
import { openStage } from '../harness/stage.ts';
import { enterClient, expectOnScreen, openSession, typeLine } from './story/keyboard.ts';
import { WESTSIDE } from './story/story.ts';

/** What a program may try, as printf writes it. `%s` takes the text that must not arrive anywhere. */
const ATTEMPTS = [
  // Clipboard: set it, ask for it.
  String.raw`\033]52;c;%s\007`,
  String.raw`\033]52;p;%s\007`,
  String.raw`\033]52;c;?\007`,
  // Titles and icon names, by both kinds of terminators, and from the title stack.
  String.raw`\033]0;%s\007`,
  String.raw`\033]1;%s\033\\`,
  String.raw`\033]2;%s\033\\`,
  String.raw`\033[22t\033[23t`,
  // Window: resize, iconify, move, raise, report its title.
  String.raw`\033[8;5;5t\033[2t\033[3;0;0t\033[5t\033[21t`,
  // Notifications, files and pictures of other terminals.
  String.raw`\033]9;%s\007`,
  String.raw`\033]777;notify;%s;%s\007`,
  String.raw`\033]1337;File=inline=1:%s\007`,
  // A link that says one host and means another.
  String.raw`\033]8;;https://evil.example/%s\007https://good.example\033]8;;\007`,
  // A number that inserts two billion lines.
  String.raw`\033[2147483647L\033[2147483647T\033[2147483647b`,
];
/** Base64, which is what OSC 52 takes. */
const CANARY = 'Q0FJU0VZLUNBTkFSWQ==';
const SEEDS = [1, 2, 3, 4];
const STREAMS = 500;
const COPIED = 'what the person copied';

test('what a program prints draws text and nothing more', async () => {
  const { console, dispose } = await openStage({ preferredPort: 48_780 });
  try {
    const westside = await enterClient(console, WESTSIDE, people.technician);
    await openSession(westside, 'WEST-FILE-01');
    await console.copyOutside(COPIED);
    const seen = async () => {
      const native = await console.application.browserWindow(westside);
      return {
        title: await console.titleOf(westside),
        bounds: await native.evaluate((window) => window.getBounds()),
        minimized: await native.evaluate((window) => window.isMinimized()),
        windows: console.application.windows().length,
        clipboard: await console.application.evaluate(({ clipboard }) => clipboard.readText()),
      };
    };
    const before = await seen();
    expect(before).toMatchObject({ clipboard: COPIED, title: expect.stringContaining(WESTSIDE) });

    for (const attempt of ATTEMPTS) await typeLine(westside, `printf '${attempt}' ${CANARY} ${CANARY}`);
    await typeLine(westside, 'clear; echo still-$((20+3))');
    await expectOnScreen(westside, 'still-23');

    expect(await seen()).toEqual(before);
    // Every form of sequence, then random streams with an attempt after each; what they ask is answered, and read away.
    const attempt = Buffer.from(`\u0018\u001B]52;c;${CANARY}\u0007\u001B]2;${CANARY}\u0007`);
    const streams = (seed: number) => hostileStreams(seed, STREAMS).flatMap((stream) => [stream, attempt]);
    const printed = [
      Buffer.from(extremeForms().join('')),
      ...SEEDS.map((seed) => Buffer.concat(streams(seed))),
    ];
    const folder = await mkdtemp(join(tmpdir(), 'caisey-output-'));
    await chmod(folder, 0o755);
    for (const [n, bytes] of printed.entries()) {
      const file = join(folder, String(n));
      await writeFile(file, bytes, { mode: 0o644 });
      await typeLine(
        westside,
        `cat ${file}; read -rst 1 -n 99999 x; printf '\\033c'; echo part-${n}-$((20+3))`,
      );
      await expectOnScreen(westside, `part-${n}-23`);
    }
    await rm(folder, { recursive: true });
    expect(await seen()).toEqual(before);
    // The header is the console's: nothing that a machine prints reaches it.
    await expect(westside.getByTestId('workspace-header')).not.toContainText(CANARY);
    await expect(westside.getByTestId('workspace-header')).toContainText(WESTSIDE);
  } finally {
    await dispose();
  }
});
