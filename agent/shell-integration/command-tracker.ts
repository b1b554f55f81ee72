import { createHmac } from 'node:crypto';
import type { SessionFact } from '#protocol/control/agent-to-terminal.ts';
import { CommandId, ulid } from '#protocol/ids.ts';
import type { Clock } from '../clock.ts';
import type { ShellMark } from './mark-parser.ts';
import { redactLine } from './redact-line.ts';

export interface TimedFact {
  readonly at: number;
  readonly fact: SessionFact;
}

/** Turns the shell's marks into facts about commands. */
export interface CommandTracker {
  /** @param outputOffsetBytes output so far, without marks */
  mark(mark: ShellMark, outputOffsetBytes: number): readonly TimedFact[];
  /** The shell itself reads: nothing of it runs. False until its first prompt. */
  readonly atPrompt: boolean;
  /** A command has ended whose end is not told yet. */
  readonly ending: boolean;
  /**
   * The shell wrote its prompt. Only now is the end told: before, the terminal still echoes by itself, and
   * a line typed by somebody who waited for the end would show twice.
   */
  prompted(): readonly TimedFact[];
  /** The shell ended, as with `exit`: its exit code is the running command's. */
  shellExited(exitCode: number | null, outputOffsetBytes: number): readonly TimedFact[];
}

interface CommandEnd {
  readonly at: number;
  readonly exitCode: number | null;
  /** Without marks; the prompt that follows is not its output. */
  readonly outputEndBytes: number;
}

const LINE_MAX_LENGTH = 32_768;
const CWD_MAX_LENGTH = 4096;
/** `exit` where a command begins. */
const EXITS = /(?:^|[;&|({\n]|\b(?:then|do|else)\s)\s*(?:exit|logout|bye)\b/;

export function createCommandTracker(clock: Clock): CommandTracker {
  // Tells equal lines of this session from different ones, and nobody what they were.
  const lineKey = new Uint8Array(32);
  clock.fillRandom(lineKey);
  let atPrompt = false;
  /** The line says that the shell ends. Else the end is not the command's: the shell may have been replaced (exec). */
  let mayExit = false;
  let ended: CommandEnd | null = null;
  let running: { readonly commandId: CommandId; readonly startedAt: number } | null = null;

  const finish = ({ at, exitCode, outputEndBytes }: CommandEnd): TimedFact[] => {
    if (running === null) return [];
    const { commandId, startedAt } = running;
    running = null;
    ended = null;
    const durationMs = Math.max(0, at - startedAt);
    const trusted = exitCode !== null;
    return [
      { at, fact: { fact: 'command.finished', commandId, exitCode, durationMs, trusted, outputEndBytes } },
    ];
  };

  return {
    mark(mark, outputOffsetBytes) {
      if (mark.kind === 'loaded') return [];
      const at = mark.at ?? clock.now();
      atPrompt = mark.kind === 'prompt';
      if (mark.kind === 'prompt') {
        if (running !== null) {
          const endedAt = mark.durationMs === null ? at : running.startedAt + mark.durationMs;
          ended = { at: endedAt, exitCode: mark.exitCode, outputEndBytes: outputOffsetBytes };
        }
        return [];
      }
      // No prompt between two commands: they were pasted at once.
      const facts = finish(
        ended ?? { at, exitCode: mark.previousExitCode, outputEndBytes: outputOffsetBytes },
      );
      const commandId = CommandId.parse(`cmd_${ulid(at, (bytes) => clock.fillRandom(bytes))}`);
      running = { commandId, startedAt: at };
      mayExit = EXITS.test(mark.line);
      const typed = mark.line.slice(0, LINE_MAX_LENGTH);
      const line = redactLine(typed).slice(0, LINE_MAX_LENGTH);
      facts.push({
        at,
        fact: {
          fact: 'command.started',
          commandId,
          line,
          ...(line === typed
            ? {}
            : { lineHmac: createHmac('sha256', lineKey).update(mark.line).digest('hex') }),
          cwd: mark.cwd.slice(0, CWD_MAX_LENGTH),
          trusted: mark.exact && typed.length === mark.line.length,
          outputOffsetBytes,
        },
      });
      return facts;
    },
    get atPrompt() {
      return atPrompt;
    },
    get ending() {
      return ended !== null;
    },
    prompted: () => (ended === null ? [] : finish(ended)),
    shellExited(exitCode, outputOffsetBytes) {
      const [end] = finish({ at: clock.now(), exitCode, outputEndBytes: outputOffsetBytes });
      if (end?.fact.fact !== 'command.finished') return [];
      return [{ ...end, fact: { ...end.fact, trusted: end.fact.trusted && mayExit } }];
    },
  };
}
