import type { MachineId } from '#protocol/ids.ts';
import type { SoakConsole } from '../../soak/soak-console.ts';
import { Arrivals } from './arrivals.ts';
import type { SshServer } from './ssh-server.ts';

/** A bash at the far end of something: ours, or ssh's. */
export interface RemoteShell {
  readonly arrivals: Arrivals;
  type(text: string): void;
  dispose(): void;
}

/** How to get one; `at` is performance.now() of the moments of its coming. */
export type OpenShell = () => Promise<{
  readonly shell: RemoteShell;
  readonly at: {
    readonly asked: number;
    /** Takes input; null where only the prompt tells. */
    readonly ready: number | null;
    readonly prompt: number;
  };
}>;

export const PROMPT = 'ready> ';
export const PROFILE = `PS1='${PROMPT}'\nHISTFILE=\n`;

/** Through agent and relay, with the console's own connection code and nothing that draws. */
export function ourShell(console: SoakConsole, machineId: MachineId): OpenShell {
  return async () => {
    const arrivals = new Arrivals();
    const prompted = arrivals.text(PROMPT);
    const asked = performance.now();
    const sessionId = await console.openSession(machineId);
    let ready: number | null = null;
    const terminal = console.attach(machineId, sessionId, {
      onOutput: (bytes) => arrivals.push(bytes),
      onState: (state) => {
        if (state.kind === 'open' && state.agent === 'connected') ready ??= performance.now();
      },
    });
    const prompt = await prompted;
    const shell = {
      arrivals,
      type: (text: string) => void terminal.type(text),
      dispose: () => terminal.kill(),
    };
    return { shell, at: { asked, ready, prompt } };
  };
}

/** @param port of the server, or of a line to it */
export function sshShell(server: SshServer, port: number): OpenShell {
  return async () => {
    const arrivals = new Arrivals();
    const prompted = arrivals.text(PROMPT);
    const asked = performance.now();
    const client = server.connect(port, (bytes) => arrivals.push(bytes));
    const prompt = await prompted;
    return { shell: { arrivals, ...client }, at: { asked, ready: null, prompt } };
  };
}
