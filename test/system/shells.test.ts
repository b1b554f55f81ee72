import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { people } from '../harness/people.ts';
import { startSmallSystem } from '../harness/small-system.ts';
import type { SmallSystem, TestMachine } from '../harness/small-system.ts';
import type { TerminalPeer } from '../harness/terminal-peer.ts';
import type { WorkspacePeer } from '../harness/workspace-peer.ts';
import { hasPasswordServer, startPasswordServer } from './password-server.ts';

interface Shell {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** Lines that only this shell takes, or that end differently in it, with their exit codes. */
  readonly own: readonly (readonly [line: string, exitCode: number])[];
}

const sh: Shell['own'] = [
  ['(exit 42)', 42],
  ['f() { return 9; }', 0],
  ['f', 9],
  ['for i in 1 2\rdo echo "$i"\rdone', 0],
  ['cat <<X\rtext; with "quotes"\rX', 0],
  ['if false; then echo a; else echo b; fi', 0],
  ['x=value; echo "${x%ue}"', 0],
  ['[ 1 -eq 2 ]', 1],
  ['! true', 1],
  ['true & wait', 0],
];

const shells: readonly Shell[] = [
  { name: 'bash', files: {}, own: sh },
  { name: 'zsh', files: { '.zshrc': "PS1='$ '\n" }, own: sh },
  {
    name: 'fish',
    files: { '.config/fish/config.fish': "set -g fish_greeting\nfunction fish_prompt; printf '$ '; end\n" },
    own: [
      ['sh -c "exit 42"', 42],
      ['function f; return 9; end', 0],
      ['f', 9],
      ['for i in 1 2\recho $i\rend', 0],
      ['if false\recho a\relse\recho b\rend', 0],
      ['set x value; echo $x[1]', 0],
      ['begin; echo in; end', 0],
      ['test 1 -eq 2', 1],
      ['not true', 1],
      ['string upper abc', 0],
    ],
  },
];

const common: Shell['own'] = [
  ['echo plain', 0],
  ['  echo   two   leading', 0],
  ['false', 1],
  ['true', 0],
  ['echo "semi;colon" \'single\' "dou""ble"', 0],
  [String.raw`printf '%s\n' back\\slash`, 0],
  ['echo ümlaut 日本 🙂', 0],
  ['echo trailing   ', 0],
  ['no-such-command 2>/dev/null', 127],
  ['true && false || echo last', 0],
  ['true; false', 1],
  ['true | false', 1],
  ['echo dup', 0],
  ['echo dup', 0],
  ['sh -c "exit 7"', 7],
  ['sh -c "kill -TERM \\$\\$"', 143],
  ['echo a > file; cat file', 0],
  ['cat missing 2>/dev/null', 1],
  ['echo "#not a comment"', 0],
  ['ls -d / /tmp', 0],
  ['echo $HOME >/dev/null', 0],
  ['seq 1 100 | tail -1', 0],
  ['printf "no newline"', 0],
  ['sleep 0.01', 0],
  ['test -d /tmp', 0],
  ['test -d /nowhere', 1],
  ['env FOO=bar sh -c "echo \\$FOO"', 0],
  ['echo %41 %s \\\\x41', 0],
  ['printf "a\\tb\\n"', 0],
  ['grep -q x /dev/null', 1],
  ['mkdir -p "a dir;x"', 0],
  ['rmdir nowhere 2>/dev/null', 1],
  ['uname >/dev/null', 0],
  ['echo "[redacted]"', 0],
  ['head -c 3 /dev/zero | wc -c', 0],
  ['id -u >/dev/null', 0],
];
/** Come last, and tell where the one after them runs. */
const moves = ['cd "a dir;x"', 'pwd', 'cd ..', 'true'];

// Shows 7 of issue 5: real shells in real ptys, their records as the relay stores and tells them.
describe('what shells tell', () => {
  let system: SmallSystem;
  let workspace: WorkspacePeer;
  const machines = new Map<string, TestMachine>();
  const present = shells.filter(({ name }) => pathOf(name) !== null);

  beforeAll(async () => {
    system = await startSmallSystem({ preferredPort: 48_850 });
    for (const { name, files } of present) {
      const shell = pathOf(name) ?? '';
      machines.set(name, await system.addMachine(`SHELL-${name}`, { files, shell }));
    }
    workspace = await system.enter(people.technician);
  }, 120_000);
  afterAll(() => system?.dispose());

  const openTerminal = async (name: string): Promise<TerminalPeer> => {
    const machine = machines.get(name);
    if (machine === undefined) throw new Error(`${name} is not here`);
    const terminal = await workspace.openTerminal(machine.machineId);
    await terminal.untilText('$ ');
    return terminal;
  };

  const missing = shells.filter((shell) => !present.includes(shell)).map(({ name }) => name);
  it(`are: ${present.map(({ name }) => name).join(', ')}${missing.length > 0 ? `; NOT tried: ${missing.join(', ')}` : ''}`, () => {
    // npm test installs them where there is apt; elsewhere this test's name says what was not tried.
    if (existsSync('/etc/debian_version')) expect(missing).toEqual([]);
  });

  for (const { name, own } of present) {
    it(`50 commands in ${name} are 50 exact records: line, exit code, directory`, async () => {
      const home = machines.get(name)?.home ?? '';
      const terminal = await openTerminal(name);
      const lines = [...common, ...own, ...moves.map((line) => [line, 0] as const)];
      expect(lines).toHaveLength(50);
      for (const [line] of lines) await terminal.run(line);
      const inside = join(home, 'a dir;x');
      expect(
        terminal.commands.map(({ line, exitCode, cwd, trusted }) => [line, exitCode, cwd, trusted]),
      ).toEqual(
        lines.map(([line, exitCode], index) => [
          line.replaceAll('\r', '\n'),
          exitCode,
          index === 47 || index === 48 ? inside : home,
          true,
        ]),
      );
      expect(terminal.output().toString('latin1')).not.toContain('6973');
      await workspace.call('session.close', { sessionId: terminal.sessionId });
      await terminal.untilEnded();
    }, 90_000);
  }

  const asking = { sudo: pathOf('sudo') !== null, ssh: hasPasswordServer() };
  const asked = ['read -s', ...(asking.sudo ? ['sudo'] : []), ...(asking.ssh ? ['ssh'] : [])];
  const notAsked = ['sudo', 'ssh'].filter((name) => !asked.includes(name));
  it(`what is typed with echo off, at ${asked.join(', ')}, is in no file, row or log; how much is${notAsked.length > 0 ? `; NOT tried: ${notAsked.join(', ')}` : ''}`, async () => {
    if (existsSync('/etc/debian_version')) expect(notAsked).toEqual([]);
    const server = asking.ssh ? await startPasswordServer(join(system.stateDir, 'ssh')) : null;
    const terminal = await openTerminal('bash');
    const secret = 'kanarie-4711-Vogel';
    const ask = async (line: string, question: string): Promise<void> => {
      const from = terminal.receivedBytes;
      terminal.type(`${line}\r`);
      await terminal.untilText(question, from);
      const asked = terminal.receivedBytes;
      terminal.type(`${secret}\r`);
      await terminal.until('an answer', () => terminal.receivedBytes > asked + 2);
    };
    const ended = (count: number): Promise<void> =>
      terminal.until(
        'the end',
        () => terminal.commands.filter(({ finishedAt }) => finishedAt !== null).length >= count,
      );
    const stop = async (count: number): Promise<void> => {
      terminal.type('\u0003');
      await ended(count);
    };
    try {
      await ask('read -rsp "one"" word: " word; echo "${#word} letters"', 'one word: ');
      await ended(1);
      await terminal.untilText(`${secret.length} letters`);
      // As root sudo asks for nothing, so it is asked by nobody.
      const asNobody = process.getuid?.() === 0 ? 'setpriv --reuid=65534 --clear-groups ' : '';
      if (asking.sudo) {
        await ask(`${asNobody}sudo -k -p "its"" password: " true`, 'its password: ');
        await stop(2);
      }
      if (server !== null) {
        await ask(server.command, "'s password: ");
        await stop(asked.length);
      }
      await terminal.run('echo seen-kanarie-by-all');
      await workspace.call('session.close', { sessionId: terminal.sessionId });
      await terminal.untilEnded();
    } finally {
      server?.dispose();
    }
    const files = await filesBelow(system.stateDir);
    const holding = (text: string) =>
      files.filter(({ bytes }) => bytes.includes(text)).map(({ path }) => path);
    expect(holding(secret)).toEqual([]);
    expect(JSON.stringify(machines.get('bash')?.events)).not.toContain(secret);
    expect(terminal.output().includes(secret)).toBe(false);
    // What was typed with echo is there: recording and command, so the search does look where it should.
    expect(holding('seen-kanarie-by-all').join()).toMatch(/sqlite/);
    const lines = files.flatMap(
      ({ bytes }) =>
        bytes.toString('latin1').match(/\{"id":"[^\n\0]*?"input\.redacted"[^\n\0]*?"echo off"/g) ?? [],
    );
    const seqs = new Set(lines.map((line) => /"seq":(\d+)/.exec(line)?.[1]));
    expect([seqs.size, lines.filter((line) => !line.includes(`"bytes":${secret.length},`))]).toEqual([
      asked.length,
      [],
    ]);
  }, 60_000);

  it('a secret in a command line leaves the machine redacted', async () => {
    const terminal = await openTerminal('bash');
    const told = await terminal.run('true --password=kanarie-0815');
    expect(told).toMatchObject({ line: 'true --password=[redacted]', trusted: true });
    terminal.type('exit\r');
    await terminal.untilEnded();
  });
});

function pathOf(name: string): string | null {
  return ['/bin', '/usr/bin', '/usr/local/bin'].map((place) => join(place, name)).find(existsSync) ?? null;
}

async function filesBelow(folder: string): Promise<readonly { path: string; bytes: Buffer }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return Promise.all(paths.map(async (path) => ({ path, bytes: await readFile(path) })));
}
