import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { DrivenSession, type DrivenSessionOptions } from '../testing/driven-session.ts';

const open: DrivenSession[] = [];

async function started(options: DrivenSessionOptions = {}): Promise<DrivenSession> {
  const driven = new DrivenSession(options);
  open.push(driven);
  driven.connect();
  await driven.prompt();
  return driven;
}

afterEach(async () => {
  for (const driven of open.splice(0)) await driven.dispose();
});

/** Lines, exit codes: as the facts told them. */
function told(driven: DrivenSession) {
  const finished = new Map(driven.finished().map((fact) => [fact.commandId, fact]));
  return driven
    .commands()
    .map(({ commandId, line, trusted }) => [line, finished.get(commandId)?.exitCode ?? null, trusted]);
}

describe('bash hooks', () => {
  it('tell 20 commands to the character, with exit code, directory and place in the output', async () => {
    const driven = await started();
    const lines: [string, number][] = [
      ['echo plain', 0],
      ['  echo two leading spaces', 0],
      ['false', 1],
      ['(exit 42)', 42],
      ['echo "semi;colon" \'single\' `echo sub` $(echo sub)', 0],
      [String.raw`printf '%s\n' back\\slash "\$HOME" '\x41'`, 0],
      ['echo ümlaut 日本 🙂', 0],
      ['mkdir -p "a dir;x"', 0],
      ['cd "a dir;x"', 0],
      ['pwd', 0],
      ['cd ..', 0],
      ['no-such-command 2>/dev/null', 127],
      ['true && false || echo last', 0],
      ['true; false', 1],
      ['true | false', 1],
      ['for i in 1 2 3; do echo $i; done', 0],
      ['f() { return 9; }', 0],
      ['f', 9],
      ['echo dup', 0],
      ['echo dup', 0],
    ];
    for (const [line] of lines) await driven.run(line);
    expect(told(driven)).toEqual(lines.map(([line, exitCode]) => [line, exitCode, true]));
    const inside = join(driven.home, 'a dir;x');
    expect(driven.commands().map(({ cwd }) => cwd)).toEqual(
      lines.map((_, i) => (i === 9 || i === 10 ? inside : driven.home)),
    );
    const output = driven.output();
    const first = driven.commands()[0];
    expect(output.subarray(first?.outputOffsetBytes).toString()).toMatch(/^plain\r\n/);
    // Each command's output, and nothing of the echo and the prompt around it.
    const printed = driven
      .commands()
      .map(({ line, outputOffsetBytes }, i) => [
        line,
        output.subarray(outputOffsetBytes, driven.finished()[i]?.outputEndBytes ?? 0).toString(),
      ]);
    expect(printed).toEqual(
      expect.arrayContaining([
        ['echo plain', 'plain\r\n'],
        ['false', ''],
        ['for i in 1 2 3; do echo $i; done', '1\r\n2\r\n3\r\n'],
      ]),
    );
    expect(driven.text()).not.toContain('6973');
  });

  it('tell a command of several lines, and each line of a paste', async () => {
    const driven = await started();
    await driven.run('for i in 1 2\rdo echo "$i"\rdone');
    await driven.run('cat <<X\rtext\rX');
    driven.type('\u001b[200~false\n(exit 4)\u001b[201~\r');
    await driven.until(() => driven.finished().length === 4, 'four ends');
    expect(told(driven)).toEqual([
      ['for i in 1 2\ndo echo "$i"\ndone', 0, true],
      ['cat <<X\ntext\nX', 0, true],
      ['false', 1, true],
      ['(exit 4)', 4, true],
    ]);
  });

  it('tell what the history of the user must not hold, and leave the history as the user wants it', async () => {
    const profile =
      "PS1='$ '\nHISTFILE=~/history\nHISTCONTROL=ignoreboth:erasedups\nHISTIGNORE='ls:secret*'\n";
    const driven = await started({ profile });
    const lines = [
      'echo kept',
      ' echo hidden',
      'secret --flag x || true',
      'ls',
      'echo twice',
      'echo twice',
      'echo between',
      'echo kept',
      'echo "$HISTCONTROL $HISTIGNORE"',
    ];
    for (const line of lines) await driven.run(line);
    expect(told(driven).map(([line, , trusted]) => [line, trusted])).toEqual(
      lines.map((line) => [line, true]),
    );
    // The end of a command may be told a moment before its output is sent.
    await driven.until(() => driven.text().includes('ignoreboth:erasedups ls:secret*\n'), 'its output');
    driven.type('exit 3\r');
    await driven.until(() => driven.settled, 'the end');
    expect(readFileSync(join(driven.home, 'history'), 'utf8')).toBe(
      'echo twice\necho between\necho kept\necho "$HISTCONTROL $HISTIGNORE"\nexit 3\n',
    );
    expect(told(driven).at(-1)).toEqual(['exit 3', 3, true]);
  });

  it('say so when the line cannot be known', async () => {
    const driven = await started({ profile: "PS1='$ '\nset +o history\n" });
    await driven.run('false');
    expect(told(driven)).toEqual([['', 1, false]]);
  });

  it('tell no secret of a line, only whether two were the same', async () => {
    const driven = await started();
    for (const value of ['one', 'two', 'one']) await driven.run(`true --password=${value}`);
    await driven.run('true');
    const commands = driven.commands();
    expect(commands.map(({ line }) => line)).toEqual([
      'true --password=[redacted]',
      'true --password=[redacted]',
      'true --password=[redacted]',
      'true',
    ]);
    const [first, second, third, plain] = commands.map(({ lineHmac }) => lineHmac);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect([third === first, second === first, plain]).toEqual([true, false, undefined]);
  });

  it('do not trust the end of a command that was the end of the shell, unless the line says so', async () => {
    const driven = await started();
    driven.type('exec sh -c "exit 4"\r');
    await driven.until(() => driven.settled, 'the end');
    expect(driven.finished()).toMatchObject([{ exitCode: 4, trusted: false }]);
  });

  it('tell Ctrl+C, a background job and nothing for an empty line or a wrong one', async () => {
    const driven = await started();
    // Bash loses a Ctrl+C that comes between PS0 and the fork, so wait for the child's own word.
    const sleeper = "sh -c 'echo asleep; exec sleep 1000'";
    driven.type(`${sleeper}\r`);
    await driven.until(() => driven.text().endsWith('\nasleep\n'), 'the start');
    driven.type('\u0003');
    await driven.until(() => driven.finished().length === 1, 'the end');
    driven.type('\r');
    driven.type('half a line\u0003');
    driven.type('if then; fi\r');
    await driven.run('sleep 1000 &');
    await driven.run('kill %1; wait');
    expect(told(driven)).toEqual([
      [sleeper, 130, true],
      ['sleep 1000 &', 0, true],
      ['kill %1; wait', 0, true],
    ]);
  });

  it('keep their nonce from children and their file from the disk, and trust no mark without it', async () => {
    const driven = await started({ profile: "set -a\nPS1='$ '\n" });
    await driven.run('export PS0 PROMPT_COMMAND');
    await driven.run('env > environment; tr "\\0" "\\n" < /proc/$$/environ >> environment');
    const environment = readFileSync(join(driven.home, 'environment'), 'utf8');
    expect(environment).toContain('PS0=');
    expect(environment).not.toContain(driven.nonce);
    await driven.run(String.raw`printf '\033]6973;%032d;C;;0;1;rm -rf;/;\a' 0`);
    expect(driven.text()).toContain(`\u001b]6973;${'0'.repeat(32)};C;;0;1;rm -rf;/;\u0007`);
    expect(driven.commands()).toHaveLength(3);
    expect(readdirSync(join(driven.home, '.shells'))).toEqual([]);
  });

  it("come after the user's own files and prompt command, and change neither", async () => {
    const profile = [
      "PS1='$ '",
      'PROMPT_COMMAND=\'last=$?; echo "prompt saw $last"\'',
      "PS0='before \\A\\n'",
      'set -u',
      'false',
    ].join('\n');
    const driven = await started({ profile });
    await driven.run('(exit 6)');
    await driven.run('echo "status $?"');
    await driven.prompt();
    expect(driven.text()).toMatch(
      /^prompt saw 0\n\$ \(exit 6\)\nbefore \d\d:\d\d\nprompt saw 6\n\$ echo "status \$\?"\nbefore \d\d:\d\d\nstatus 6\nprompt saw 0\n\$ $/,
    );
    expect(readFileSync(join(driven.home, '.profile'), 'utf8')).toBe(profile);
    expect(existsSync(join(driven.home, '.bashrc'))).toBe(false);
  });

  it('read the first of the login files, or .bashrc where there is none', async () => {
    const says = (name: string) => `PS1='$ '; echo from ${name}`;
    const cases: [string[], string][] = [
      [['.bashrc', '.profile', '.bash_login', '.bash_profile'], '.bash_profile'],
      [['.bashrc', '.profile', '.bash_login'], '.bash_login'],
      [['.bashrc', '.profile'], '.profile'],
      [['.bashrc'], '.bashrc'],
    ];
    for (const [names, read] of cases) {
      const driven = await started({ files: Object.fromEntries(names.map((name) => [name, says(name)])) });
      expect(driven.text()).toBe(`from ${read}\n$ `);
    }
  });
});
