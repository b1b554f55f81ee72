import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { people } from '../harness/people.ts';
import { ScreenTwins } from '../harness/screen-twins.ts';
import { startSmallSystem } from '../harness/small-system.ts';
import type { SmallSystem, TestMachine } from '../harness/small-system.ts';
import type { WorkspacePeer } from '../harness/workspace-peer.ts';
import { screenFiles } from './screen-files.ts';

const SIZE = { cols: 100, rows: 30 };
const PROGRAMS = ['vim', 'tmux', 'less', 'htop', 'man'];
const isHere = (program: string) => existsSync(`/usr/bin/${program}`);
/** As an agent keeps it for its shells. */
const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8' };

// What a person sees of a machine is what the machine's own terminal would show, to the cell.
describe('screens through agent and relay, beside those of a local terminal', () => {
  let system: SmallSystem;
  let machine: TestMachine;
  let workspace: WorkspacePeer;
  let sleeper: ChildProcess;
  let twins: ScreenTwins;

  beforeAll(async () => {
    sleeper = spawn('/bin/sleep', ['1000'], { stdio: 'ignore' });
    system = await startSmallSystem({ preferredPort: 48_950 });
    const files = screenFiles();
    machine = await system.addMachine('PRIM-SCREEN-01', { profile: "PS1='$ '\nHISTFILE=\n", files });
    workspace = await system.enter(people.technician);
  }, 60_000);
  beforeEach(async () => {
    twins = await ScreenTwins.open(workspace, machine, ENVIRONMENT, SIZE);
    await shows('$ ');
  });
  afterEach(() => twins?.dispose());
  afterAll(async () => {
    sleeper?.kill('SIGKILL');
    await system?.dispose();
  });

  const shows = async (shown: string | RegExp, keys = '') =>
    expect(await twins.settled(shown, keys)).toEqual([]);
  const end = async (keys: string) => {
    twins.type(keys);
    await shows(/\$\s*$/);
  };
  /**
   * Sizes one after the other, faster than any program draws, and a last one when all is quiet: within a storm ncurses
   * may miss the last (also without a relay).
   * @param keys lead to the same place again whatever sizes a program saw
   */
  const storm = async (shown: string | RegExp, keys = '') => {
    for (let step = 1; step <= 40; step += 1) {
      twins.resize({ cols: 20 + ((step * 37) % 140), rows: 5 + ((step * 13) % 45) });
    }
    twins.resize({ ...SIZE, rows: SIZE.rows - 1 });
    await twins.quiet();
    twins.resize(SIZE);
    await twins.quiet();
    await shows(shown, keys);
  };

  const missing = PROGRAMS.filter((program) => !isHere(program));
  it(`are those of ${PROGRAMS.filter(isHere).join(', ')}${missing.length > 0 ? `; NOT tried: ${missing.join(', ')}` : ''}`, () => {
    // npm test installs them where there is apt; elsewhere this test's name says what was not tried.
    if (existsSync('/etc/debian_version')) expect(missing).toEqual([]);
  });
  const itWith = (program: string) => (isHere(program) ? it : () => {});

  it('a progress bar, 256 and true colours, every attribute', async () => {
    twins.type('bash colours\r');
    await shows('colours end');
    twins.type('bash progress\r');
    await shows('100%');
  });

  it('wide and combining characters, also where frames split them', async () => {
    twins.type('cat wide\r');
    await shows('wide end');
  });

  itWith('vim')('vim: alternate screen, syntax colours, mouse, resize storm', async () => {
    twins.type('vim -n -i NONE -u vimrc source.c\r');
    await shows('1,1');
    twins.type('\u001B[<0;12;5M\u001B[<0;12;5m');
    await shows('5,12');
    twins.type('ochanged 漢字 here\u001B');
    await shows('changed');
    await storm('1,1', 'gg');
    // Windows of vim's own keep traces of sizes that they had: they come after the storm.
    twins.type(':vsplit | set number | redraw!\r');
    await shows(/^ +6 changed .*\|changed/m);
    await end(':qa!\r');
  });

  itWith('less')('less: search, wheel of the mouse, resize storm', async () => {
    twins.type('less --mouse -R rows\r');
    await shows('row 29');
    twins.type('/row 777\r');
    await shows('row 790');
    twins.type('\u001B[<65;10;10M'.repeat(3));
    await shows(/row 79[5-9]/);
    await storm(/^row 1$/m, 'g');
    await end('q');
  });

  itWith('man')('man', async () => {
    twins.type('man -l page.1\r');
    await shows('CAISEY-TEST(1)');
    twins.type('G');
    await shows('END');
    await end('q');
  });

  itWith('htop')('htop', async () => {
    twins.type(`HTOPRC=$HOME/htoprc htop --readonly -p ${sleeper.pid}\r`);
    await shows('F10');
    // ^L draws all anew: where sizes came faster than htop drew, cells that it wiped and such that it wrote blank differ.
    await storm('F10', '\f');
    await shows(`${sleeper.pid}`);
    await end('q');
  });

  itWith('tmux')('tmux: panes, status line, resize storm', async () => {
    twins.type('tmux -L "twin$$" -f tmux.conf\r');
    await shows('twin status');
    await storm('twin status');
    // Panes keep traces of sizes that they had: they come after the storm.
    twins.type('\u0002%');
    await shows('│');
    twins.type('bash colours\r');
    await shows('colours end');
    twins.type('\u0002"');
    await shows('─');
    twins.type('clear; echo after-$((6*7))\r');
    await shows('after-42');
    await end('tmux kill-server\r');
  });
});
