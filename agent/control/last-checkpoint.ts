// The last checkpoint of the workspace's record that this machine was shown, kept beside its credential. A
// record that does not go on from it was cut or changed at the relay: the agent says so in its log, at every
// look, and goes on remembering what it saw. A person who knows why removes the file.
import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { AgentToWorkspace } from '#protocol/control/agent-to-workspace.ts';
import { compare, LastSeen, sizeSeen } from '#protocol/evidence/last-seen.ts';
import type { CheckpointAnswer } from '#protocol/evidence/last-seen.ts';
import { MachineId } from '#protocol/ids.ts';
import type { Log } from '../log.ts';

/** Of another machine's enrollment it says nothing. */
const Stored = LastSeen.extend({ machineId: MachineId });

export interface LastCheckpointOptions {
  readonly file: string;
  readonly machineId: MachineId;
  readonly log: Log;
  readonly send: (message: AgentToWorkspace) => boolean;
}

export class LastCheckpoint {
  readonly #options: LastCheckpointOptions;
  #lastSeen: LastSeen | null;
  /** An answer is about what was remembered when it was asked for. */
  #asking = false;

  constructor(options: LastCheckpointOptions) {
    this.#options = options;
    this.#lastSeen = read(options);
  }

  /** Connected anew: what was asked on the line before is not answered any more. */
  connected(): void {
    this.#asking = false;
    this.ask();
  }

  ask(): void {
    if (this.#asking) return;
    this.#asking = this.#options.send({ type: 'checkpoint.request', lastSeenSize: sizeSeen(this.#lastSeen) });
  }

  async answered(answer: CheckpointAnswer): Promise<void> {
    if (!this.#asking) return;
    const { log } = this.#options;
    const found = await compare(
      (bytes) => createHash('sha256').update(bytes).digest(),
      null,
      this.#lastSeen,
      answer,
    );
    this.#asking = false;
    switch (found.kind) {
      case 'cut':
        log('record.cut', { seenSize: found.seenSize, size: found.size });
        return;
      case 'changed':
        log('record.changed', { seenSize: found.seenSize });
        return;
      case 'consistent':
        if (found.lastSeen !== null) this.#remember(found.lastSeen);
    }
  }

  #remember(lastSeen: LastSeen): void {
    if (lastSeen.note === this.#lastSeen?.note) return;
    const { file, machineId, log } = this.#options;
    this.#lastSeen = lastSeen;
    try {
      writeFileSync(`${file}.new`, JSON.stringify({ ...lastSeen, machineId }), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    } catch (error) {
      log('checkpoint.not_kept', { reason: error instanceof Error ? error.message : String(error) });
    }
  }
}

function read({ file, machineId }: LastCheckpointOptions): LastSeen | null {
  try {
    const stored = Stored.parse(JSON.parse(readFileSync(file, 'utf8')));
    return stored.machineId === machineId ? { note: stored.note } : null;
  } catch {
    return null;
  }
}
