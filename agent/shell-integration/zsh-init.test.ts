import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { DrivenSession, type DrivenSessionOptions } from '../testing/driven-session.ts';
import { shellPath } from '../testing/shell-path.ts';

const zsh = shellPath('zsh');
const open: DrivenSession[] = [];

async function started(options: DrivenSessionOptions): Promise<DrivenSession> {
  const driven = new DrivenSession({ shell: zsh ?? '', ...options });
  open.push(driven);
  driven.connect();
  await driven.until(() => driven.text().includes('$ '), 'a prompt');
  return driven;
}

afterEach(async () => {
  for (const driven of open.splice(0)) await driven.dispose();
});

const PROMPT = "PS1='$ '\n";

function told(driven: DrivenSession) {
  const finished = new Map(driven.finished().map((fact) => [fact.commandId, fact]));
  return driven
    .commands()
    .map(({ commandId, line, trusted }) => [line, finished.get(commandId)?.exitCode ?? null, trusted]);
}

function zshHooks() {
  it("let zsh read the user's own files in its own order, from where they are", async () => {
    const log = (name: string) => `print -r -- "${name} [$ZDOTDIR]" >> ~/read\n`;
    const files = {
      '.zshenv': `${log('env')}export ZDOTDIR=~/.config/zsh\n`,
      '.config/zsh/.zshenv': log('never'),
      '.config/zsh/.zprofile': log('profile'),
      '.config/zsh/.zshrc': log('rc') + PROMPT,
      '.config/zsh/.zlogin': log('login'),
    };
    const driven = await started({ files });
    await driven.run('print -r -- "now [$ZDOTDIR]" >> ~/read');
    const there = join(driven.home, '.config/zsh');
    expect(readFileSync(join(driven.home, 'read'), 'utf8')).toBe(
      ['env []', `profile [${there}]`, `rc [${there}]`, `login [${there}]`, `now [${there}]`, ''].join('\n'),
    );
    for (const [name, text] of Object.entries(files)) {
      expect(readFileSync(join(driven.home, name), 'utf8')).toBe(text);
    }
    expect(readdirSync(join(driven.home, '.shells'))).toEqual([]);
  });

  it('give back the ZDOTDIR that the shell would have been started with', async () => {
    const own = mkdtempSync(join(tmpdir(), "it's-"));
    try {
      writeFileSync(join(own, '.zshrc'), PROMPT);
      const driven = await started({ environment: { ZDOTDIR: own }, files: {} });
      await driven.run('print -r -- "dir:$ZDOTDIR"');
      await driven.until(() => driven.text().includes(`dir:${own}\n`), 'the answer');
    } finally {
      rmSync(own, { recursive: true });
    }
  });

  it('tell lines to the character whatever the history keeps, and leave the history as it is wanted', async () => {
    const settings =
      'HISTFILE=~/history HISTSIZE=50 SAVEHIST=50\nsetopt hist_ignore_space hist_reduce_blanks hist_ignore_dups\nzshaddhistory() { [[ $1 != secret* ]] }\n';
    const driven = await started({ files: { '.zshrc': PROMPT + settings } });
    const lines = ['  echo   two   leading', 'echo   a   b', 'echo twice', 'echo twice', 'secret || true'];
    for (const line of lines) await driven.run(line);
    expect(told(driven).map(([line, , trusted]) => [line, trusted])).toEqual(
      lines.map((line) => [line, true]),
    );
    driven.type('exit 3\r');
    await driven.until(() => driven.settled, 'the end');
    expect(readFileSync(join(driven.home, 'history'), 'utf8')).toBe('echo a b\necho twice\nexit 3\n');
    expect(told(driven).at(-1)).toEqual(['exit 3', 3, true]);
  });

  it('tell several lines, Ctrl+C and jobs; nothing for an empty line; and not what a shell within runs', async () => {
    const driven = await started({ files: { '.zshrc': PROMPT } });
    await driven.run('for i in 1 2\rdo echo "$i"\rdone');
    driven.type("sh -c 'echo asleep; exec sleep 1000'\r");
    await driven.until(() => driven.text().endsWith('\nasleep\n'), 'the start');
    driven.type('\u0003');
    await driven.until(() => driven.finished().length === 2, 'the end');
    const prompts = (count: number) =>
      driven.until(() => driven.text().split('\u001b[J$ ').length > count, `prompt ${count}`);
    await prompts(3);
    driven.type('\r');
    await prompts(4);
    driven.type('half a line');
    await driven.until(() => driven.text().endsWith('alf a line'), 'the echo');
    driven.type('\u0003');
    await prompts(5);
    driven.type('zsh -f\r');
    const since = () => driven.text().split('sh -f').at(-1) ?? '';
    await driven.until(() => /[%#] /.test(since()), 'the inner prompt');
    driven.type('echo inner; exit 5\r');
    await driven.until(() => driven.finished().length === 3, 'the end of the inner shell');
    await driven.run('sleep 1000 &');
    await driven.run('kill %1; wait');
    expect(told(driven)).toEqual([
      ['for i in 1 2\ndo echo "$i"\ndone', 0, true],
      ["sh -c 'echo asleep; exec sleep 1000'", 130, true],
      ['zsh -f', 5, true],
      ['sleep 1000 &', 0, true],
      ['kill %1; wait', 0, true],
    ]);
  });

  it("come around the user's hooks, options and aliases, and keep their nonce from children", async () => {
    const rc = [
      "alias print='echo alias' local='echo alias' typeset='echo alias'",
      'setopt all_export ksh_arrays sh_word_split no_unset err_return xtrace',
      'setopt no_xtrace',
      'precmd_functions=(mine); mine() { last=$?; }',
      PROMPT,
    ].join('\n');
    const driven = await started({ files: { '.zshrc': rc } });
    await driven.run('(exit 6)');
    await driven.run('echo "saw $last"');
    await driven.run('env > environment; tr "\\0" "\\n" < /proc/$$/environ >> environment');
    await driven.until(() => driven.text().includes('saw 6\n'), 'the answer');
    expect(readFileSync(join(driven.home, 'environment'), 'utf8')).not.toContain(driven.nonce);
    // The hook of the prompt was dropped above, so the first command brought the hooks in.
    expect(told(driven).map(([line]) => line)).toEqual([
      '(exit 6)',
      'echo "saw $last"',
      'env > environment; tr "\\0" "\\n" < /proc/$$/environ >> environment',
    ]);
  });
}

if (zsh === null) it('zsh hooks were NOT tried: this machine has no zsh', () => {});
else describe('zsh hooks', zshHooks);
