// Machines whose line died without a word: nobody is told by the network, so somebody has to look. Only while
// a console watches; without one the object sleeps, and whoever comes reads presence as it is then.
import { SILENT_AFTER_MS } from '#protocol/control/heartbeat.ts';
import { AGENT_TAG, agentState, closeAgent, isPresent } from './agent-sockets.ts';
import { consoles } from './console-sockets.ts';
import type { WorkspaceContext } from './context.ts';
import { announceMachine, noteSeen } from './machines.ts';

const LOOK_EVERY_MS = 8000;

export class AgentPresence {
  #lookedAt: number | null = null;

  /** Epoch ms of the next look, null while nobody watches. */
  nextLookAt(context: WorkspaceContext): number | null {
    if (!consoles(context).some(({ state }) => state.entryId !== null)) {
      // Who comes next does not wait.
      this.#lookedAt = null;
      return null;
    }
    return this.#lookedAt === null ? context.now() : this.#lookedAt + LOOK_EVERY_MS;
  }

  /** Close and announce what has gone silent; nothing before its time. */
  look(context: WorkspaceContext): void {
    const dueAt = this.nextLookAt(context);
    if (dueAt === null || dueAt > context.now()) return;
    this.#lookedAt = context.now();
    for (const socket of context.sockets(AGENT_TAG)) {
      const beatAt = context.lastBeatAt(socket);
      if (beatAt !== null && context.now() - beatAt <= SILENT_AFTER_MS) continue;
      const state = agentState(socket);
      if (state?.standing.name !== 'proven' || socket.readyState !== WebSocket.OPEN) continue;
      if (isPresent(context, socket)) continue;
      closeAgent(socket, 'machine_offline');
      noteSeen(context, state.machineId);
      announceMachine(context, state.machineId);
    }
  }
}
