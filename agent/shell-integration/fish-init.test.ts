import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { DrivenSession } from '../testing/driven-session.ts';
import { shellPath } from '../testing/shell-path.ts';

const fish = shellPath('fish');
const open: DrivenSession[] = [];
const CONFIG = "set -g fish_greeting\nfunction fish_prompt; printf '$ '; end\n";

async function started(config = CONFIG): Promise<DrivenSession> {
  const driven = new DrivenSession({ shell: fish ?? '', files: { '.config/fish/config.fish': config } });
  open.push(driven);
  driven.connect();
  await driven.until(() => driven.text().includes('$ '), 'a prompt');
  return driven;
}

afterEach(async () => {
  for (const driven of open.splice(0)) await driven.dispose();
});

function told(driven: DrivenSession) {
  const finished = new Map(driven.finished().map((fact) => [fact.commandId, fact]));
  return driven.commands().map(({ commandId, line, trusted }) => {
    const end = finished.get(commandId);
    return [line, end?.exitCode ?? null, trusted && end?.trusted === true];
  });
}

function fishHooks() {
  it('tell lines to the character, exit code and duration, and leave history and files as they are', async () => {
    const driven = await started();
    const lines: [string, number][] = [
      ['  echo   two   leading', 0],
      ['sh -c "exit 42"', 42],
      [String.raw`echo "semi;colon" 'single' back\\slash \x41 100%41`, 0],
      ['echo ümlaut 日本 🙂', 0],
      ['no-such-command', 127],
    ];
    for (const [line] of lines) await driven.run(line);
    await driven.run('for i in 1 2\recho $i\rend');
    driven.type('\u001b[200~false\necho pasted\u001b[201~\r');
    await driven.until(() => driven.finished().length === 7, 'the end of the paste');
    driven.type('exit 3\r');
    await driven.until(() => driven.settled, 'the end');
    expect(told(driven)).toEqual([
      ...lines.map(([line, exitCode]) => [line, exitCode, true]),
      ['for i in 1 2\necho $i\nend', 0, true],
      ['false\necho pasted', 0, true],
      ['exit 3', 3, true],
    ]);
    const history = readFileSync(join(driven.home, '.local/share/fish/fish_history'), 'utf8');
    expect(history).toContain('- cmd: no-such-command\n');
    expect(history).not.toMatch(/leading|caisey/);
    expect(readFileSync(join(driven.home, '.config/fish/config.fish'), 'utf8')).toBe(CONFIG);
    expect(readdirSync(join(driven.home, '.config/fish/conf.d'))).toEqual([]);
    expect(readdirSync(join(driven.home, '.shells'))).toEqual([]);
  });

  it('tell Ctrl+C, what a shell within returned, and no exit code of a job in the background', async () => {
    const driven = await started();
    driven.type("sh -c 'echo asleep; exec sleep 1000'\r");
    await driven.until(() => driven.text().endsWith('asleep\n'), 'the start');
    driven.type('\u0003');
    await driven.until(() => driven.finished().length === 1, 'the end');
    const prompts = () => driven.text().split('$ \u001b[K').length;
    driven.type('half a line');
    await driven.until(() => driven.text().includes('line\r'), 'the echo');
    // Bytes that come while fish deals with a Ctrl+C may be lost.
    const before = prompts();
    driven.type('\u0003');
    await driven.until(() => prompts() > before, 'a new prompt');
    await driven.run('sleep 1000 &');
    driven.type('PS1="in> " sh\r');
    await driven.until(() => driven.text().endsWith('in> '), 'the inner prompt');
    driven.type('exit 5\r');
    await driven.until(() => driven.finished().length === 3, 'the end of the inner shell');
    expect(told(driven)).toEqual([
      ["sh -c 'echo asleep; exec sleep 1000'", 130, true],
      ['sleep 1000 &', null, false],
      ['PS1="in> " sh', 5, true],
    ]);
  });

  it("come beside the user's handlers, and keep their nonce from children", async () => {
    const driven = await started(
      `${CONFIG}function mine --on-event fish_postexec; set -g last $status; end\nset -gx fish_trace ''\nfunction printf; builtin printf $argv; end\n`,
    );
    await driven.run('sh -c "exit 6"');
    await driven.run('echo saw $last; false');
    await driven.run('echo status $status');
    await driven.run('env > environment');
    await driven.until(() => /saw 6\n[^]*status 1\n/.test(driven.text()), 'the answers');
    expect(readFileSync(join(driven.home, 'environment'), 'utf8')).not.toContain(driven.nonce);
    expect(told(driven).map(([, exitCode]) => exitCode)).toEqual([6, 1, 0, 0]);
  });
}

if (fish === null) it('fish hooks were NOT tried: this machine has no fish', () => {});
else describe('fish hooks', fishHooks);
