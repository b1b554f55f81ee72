import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { spawn } from '@lydell/node-pty';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordingEvent, SessionReview } from '#protocol/records.ts';
import { createHeadlessTerminal } from '../../agent/pty/headless-terminal.ts';
import type { HeadlessTerminal } from '../../agent/pty/headless-terminal.ts';
import { castWriter } from '../../renderer/features/review/cast-writer.ts';
import type { CastVersion } from '../../renderer/features/review/cast-writer.ts';
import { RecordingPlayer } from '../../renderer/features/review/recording-player.ts';
import { buildTimeline } from '../../renderer/features/review/recording-timeline.ts';
import { people } from '../harness/people.ts';
import { startSmallSystem } from '../harness/small-system.ts';
import type { SmallSystem, TestMachine } from '../harness/small-system.ts';
import { waitFor } from '../harness/wait-for.ts';

const SIZE = { cols: 100, rows: 30 };
const LINES = 500;

/** Colours, wide and combined characters, a progress bar, the alternate screen, rows that do not scroll. */
const COMMANDS = [
  String.raw`printf '\033[1;38;2;255;170;60m%s\033[0m \033[7m%s\033[0m\n' 'true colour' reverse`,
  String.raw`printf 'Größe 日本語 e\u0301 👩‍💻 ┌──┐\n'`,
  String.raw`for i in $(seq 0 25 100); do printf '\r\033[K%3d%% done' $i; sleep 0.02; done; echo`,
  String.raw`seq 1 400 | sed 's/$/ 日本語 ünïcode/'`,
  String.raw`printf '\033[?1049h\033[2J\033[5;5Hinside\033[?1049l'`,
  String.raw`printf '\033[3;10r\033[10;1H'; seq 1 12; printf '\033[r\033[30;1H'; (exit 3)`,
];

describe('a recording', () => {
  let system: SmallSystem;
  let machine: TestMachine;
  let folder: string;
  let live: HeadlessTerminal;
  let session: SessionReview;
  let pages: RecordingEvent[][];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'caisey-recording-'));
    system = await startSmallSystem({ preferredPort: 48_860 });
    machine = await system.addMachine('PRIM-PRINT-01');
    live = createHeadlessTerminal(SIZE, LINES);
    const technician = await system.enter(people.technician);
    const drawn: Promise<void>[] = [];
    const terminal = await technician.openTerminal(machine.machineId, {
      size: SIZE,
      onOutput: (bytes) => drawn.push(live.write(bytes)),
    });
    await terminal.untilText('$ ');
    for (const line of COMMANDS) await terminal.run(line);
    terminal.type('exit 3\r');
    await terminal.untilEnded();
    await Promise.all(drawn);
    const reviewer = await system.enter(people.reviewer);
    const { sessionId } = terminal;
    session = await waitFor('the end in the record', async () => {
      const found = await reviewer.call('session.review', { sessionId });
      return found.recordingSha256 === null ? undefined : found;
    });
    pages = [];
    for (let cursor: number | null = null, first = true; first || cursor !== null; first = false) {
      const page: { events: RecordingEvent[]; nextCursor: number | null } = await reviewer.call(
        'recording.read',
        { sessionId, cursor, purpose: 'download' },
      );
      pages.push(page.events);
      cursor = page.nextCursor;
    }
  }, 60_000);
  afterAll(async () => {
    live?.dispose();
    await system?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  const castFile = async (version: CastVersion) => {
    const writer = castWriter(session, version);
    const text = pages.map((page) => writer.write(page)).join('') + writer.end();
    const path = join(folder, `v${version}.cast`);
    await writeFile(path, text);
    return {
      path,
      events: text
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((line) => JSON.parse(line) as [number, string, string]),
    };
  };
  const screenAfter = async (write: (screen: HeadlessTerminal) => Promise<void>) => {
    const screen = createHeadlessTerminal(SIZE, LINES);
    await write(screen);
    const picture = screen.picture(LINES);
    screen.dispose();
    return picture;
  };

  it('knows where each command begins and ends in it', () => {
    expect(session.commands.map(({ line, exitCode }) => [line, exitCode])).toEqual([
      ...COMMANDS.map((line, index) => [line, index === COMMANDS.length - 1 ? 3 : 0]),
      ['exit 3', 3],
    ]);
    const all = Buffer.concat(
      pages.flat().map((event) => Buffer.from(event.kind === 'output' ? event.data : '', 'base64')),
    );
    const output = session.commands.map(({ outputOffsetBytes, outputEndBytes }) =>
      all.subarray(outputOffsetBytes, outputEndBytes ?? 0).toString(),
    );
    expect(output[1]).toBe('Größe 日本語 e\u0301 👩‍💻 ┌──┐\r\n');
    expect(output[3]?.split('\r\n').slice(398)).toEqual(['399 日本語 ünïcode', '400 日本語 ünïcode', '']);
    expect(output[5]?.startsWith('\u001B[3;10r')).toBe(true);
    expect(output[5]?.endsWith('\u001B[30;1H')).toBe(true);
  });

  it('ends on the live screen when the console plays it, however it is sought through', async () => {
    const timeline = buildTimeline(pages.flat());
    const picture = await screenAfter(async (screen) => {
      const sink = {
        // Played once, from its start.
        reset: () => undefined,
        resize: screen.resize,
        write: (bytes: Uint8Array | string, drawn: () => void) =>
          void screen.write(typeof bytes === 'string' ? Buffer.from(bytes) : bytes).then(drawn),
      };
      const timers = { now: Date.now, after: () => () => undefined };
      const player = new RecordingPlayer({ timeline, sink, timers, keyframe: () => null });
      for (const share of [0.3, 0.6, 1]) player.seek(timeline.durationMs * share);
      await waitFor('the last screen', () => !player.store.getState().drawing);
    });
    expect(picture).toBe(live.picture(LINES));
    expect(picture).toContain('true colour');
  });

  it('ends on the same screen as an asciicast 3, with a marker for each command', async () => {
    const { events } = await castFile(3);
    const picture = await screenAfter(async (screen) => {
      for (const [, code, data] of events) if (code === 'o') await screen.write(Buffer.from(data));
    });
    expect(picture).toBe(live.picture(LINES));
    expect(events.filter(([, code]) => code === 'm').map(([, , data]) => data)).toEqual([
      ...COMMANDS,
      'exit 3',
    ]);
    expect(events.at(-1)?.slice(1)).toEqual(['x', '3']);
    expect(events.every(([interval]) => interval >= 0)).toBe(true);
  });

  it('ends on the same screen in Debian’s asciinema', async () => {
    const version = await promisify(execFile)('asciinema', ['--version']).catch(() => null);
    if (version === null) {
      // On Debian `npm test` installs it.
      expect(existsSync('/etc/debian_version')).toBe(false);
      return process.stdout.write('asciinema is not installed here, so it was not tried\n');
    }
    // Before version 3 it reads version 2 of the format.
    const { path } = await castFile(/\b2\./.test(version.stdout) ? 2 : 3);
    const picture = await screenAfter(async (screen) => {
      const player = spawn('asciinema', ['play', '--speed', '50', '--idle-time-limit', '0.1', path], {
        ...SIZE,
        encoding: null,
        env: { ...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8' },
      });
      const drawn: Promise<void>[] = [];
      player.onData((bytes: unknown) => drawn.push(screen.write(bytes as Uint8Array)));
      const ended = new Promise((resolve) => player.onExit(resolve));
      expect(await ended).toMatchObject({ exitCode: 0 });
      await Promise.all(drawn);
    });
    expect(picture).toBe(live.picture(LINES));
  });
});
