import type { SessionFact } from '#protocol/control/agent-to-terminal.ts';
import { CommandId, ulid } from '#protocol/ids.ts';
import type { Clock } from '../clock.ts';
import type { ShellMark } from './mark-parser.ts';

export interface TimedFact {
  readonly at: number;
  readonly fact: SessionFact;
}

/** Turns the shell's marks into facts about commands. */
export interface CommandTracker {
  /** @param outputOffsetBytes output so far, without marks */
  mark(mark: ShellMark, outputOffsetBytes: number): readonly TimedFact[];
  /** The shell ended, as with `exit`: its exit code is the running command's. */
  shellExited(exitCode: number | null): readonly TimedFact[];
}

const LINE_MAX_LENGTH = 32_768;
const CWD_MAX_LENGTH = 4096;

export function createCommandTracker(clock: Clock): CommandTracker {
  let running: { readonly commandId: CommandId; readonly startedAt: number } | null = null;

  const finish = (at: number, exitCode: number | null): TimedFact[] => {
    if (running === null) return [];
    const { commandId, startedAt } = running;
    running = null;
    const durationMs = Math.max(0, at - startedAt);
    return [
      { at, fact: { fact: 'command.finished', commandId, exitCode, durationMs, trusted: exitCode !== null } },
    ];
  };

  return {
    mark(mark, outputOffsetBytes) {
      if (mark.kind === 'loaded') return [];
      const at = mark.at ?? clock.now();
      if (mark.kind === 'prompt') return finish(at, mark.exitCode);
      // No prompt between two commands: they were pasted at once.
      const facts = finish(at, mark.previousExitCode);
      const commandId = CommandId.parse(`cmd_${ulid(at, (bytes) => clock.fillRandom(bytes))}`);
      running = { commandId, startedAt: at };
      const line = mark.line.slice(0, LINE_MAX_LENGTH);
      facts.push({
        at,
        fact: {
          fact: 'command.started',
          commandId,
          line,
          cwd: mark.cwd.slice(0, CWD_MAX_LENGTH),
          trusted: mark.exact && line.length === mark.line.length,
          outputOffsetBytes,
        },
      });
      return facts;
    },
    shellExited: (exitCode) => finish(clock.now(), exitCode),
  };
}
