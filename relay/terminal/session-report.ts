import type { CommandId } from '#protocol/ids.ts';
import type { SessionEndReason } from '#protocol/records.ts';

/** What a TerminalSession tells its Workspace. `opId` makes a repeat harmless. */
export type SessionReport = { readonly opId: string } & (
  | { readonly type: 'started'; readonly shell: string; readonly user: string }
  | {
      readonly type: 'command.started';
      readonly commandId: CommandId;
      readonly line: string;
      readonly cwd: string;
      readonly trusted: boolean;
      readonly outputOffsetBytes: number;
    }
  | {
      readonly type: 'command.finished';
      readonly commandId: CommandId;
      readonly exitCode: number | null;
      readonly durationMs: number;
      readonly trusted: boolean;
    }
  | { readonly type: 'input.redacted'; readonly bytes: number }
  | { readonly type: 'interrupted'; readonly bytesIn: number; readonly bytesOut: number }
  | { readonly type: 'resumed'; readonly bytesIn: number; readonly bytesOut: number; readonly gapMs: number }
  | {
      readonly type: 'ended';
      readonly reason: SessionEndReason;
      readonly exitCode: number | null;
      readonly bytesIn: number;
      readonly bytesOut: number;
      readonly recordingSha256: string;
    }
);
