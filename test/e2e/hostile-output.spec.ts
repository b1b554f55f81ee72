import { expect, test } from '@playwright/test';
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
    // The header is the console's: nothing that a machine prints reaches it.
    await expect(westside.getByTestId('workspace-header')).not.toContainText(CANARY);
    await expect(westside.getByTestId('workspace-header')).toContainText(WESTSIDE);
  } finally {
    await dispose();
  }
});
