import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SessionId } from '#protocol/ids.ts';
import { signIn } from '../../local/identity/sign-in.ts';
import { startFlakyLine } from '../harness/flaky-line.ts';
import type { FlakyLine } from '../harness/flaky-line.ts';
import { people } from '../harness/people.ts';
import type { SmallSystem, TestMachine } from '../harness/small-system.ts';
import { waitFor } from '../harness/wait-for.ts';
import { NumberedLines, numberedLine } from './numbered-lines.ts';
import { SoakConsole } from './soak-console.ts';
import type { SoakTerminal } from './soak-console.ts';

/** Prints numbered lines for ever: an even stream, and a burst now and then. Its terminal is raw: bytes arrive as printed. */
const SOURCE = `
const line = (n) => String(n).padStart(15, '0') + '\\n';
let next = 1;
const print = (lines) => {
  let text = '';
  for (let i = 0; i < lines; i += 1) text += line(next++);
  process.stdout.write(text);
};
setInterval(() => print(Number(process.argv[2])), 20);
setInterval(() => print(60000), 9000);
`;
const TYPED_EVERY_MS = 20;
const LIMIT_MS = 60_000;

/** One console, one machine, a line each that can break, and two sessions: one that prints, one that is typed into. */
export class Rig {
  readonly name: string;
  readonly consoleLine: FlakyLine;
  readonly agentLine: FlakyLine;
  readonly output = new NumberedLines();
  readonly #machine: TestMachine;
  readonly #getToken: () => Promise<string>;
  #console: SoakConsole;
  #printing: { readonly sessionId: SessionId; terminal: SoakTerminal };
  #typing: { readonly sessionId: SessionId; terminal: SoakTerminal };
  /** Where the numbered lines begin in the output; null until they do. */
  #linesAt: number | null = null;
  #before = '';
  /** Consoles so far, and what each has typed. */
  readonly #typed: number[] = [0];
  #refused = 0;
  #typist: NodeJS.Timeout | undefined;

  private constructor(parts: {
    name: string;
    consoleLine: FlakyLine;
    agentLine: FlakyLine;
    machine: TestMachine;
    getToken: () => Promise<string>;
    console: SoakConsole;
    printing: SessionId;
    typing: SessionId;
  }) {
    this.name = parts.name;
    this.consoleLine = parts.consoleLine;
    this.agentLine = parts.agentLine;
    this.#machine = parts.machine;
    this.#getToken = parts.getToken;
    this.#console = parts.console;
    this.#printing = { sessionId: parts.printing, terminal: this.#attachPrinting(parts.printing) };
    this.#typing = { sessionId: parts.typing, terminal: this.#attachTyping(parts.typing) };
  }

  static async start(system: SmallSystem, name: string, linesEach20Ms: number): Promise<Rig> {
    const consoleLine = await startFlakyLine({ relayUrl: system.relayUrl });
    const agentLine = await startFlakyLine({ relayUrl: system.relayUrl });
    const machine = await system.addMachine(name, { lineUrl: agentLine.url });
    const signedIn = await signIn({
      url: system.identityUrl,
      ...people.technician,
      organizationId: system.orgId,
    });
    const getToken = () => signedIn.getToken();
    const console = await SoakConsole.enter({ relayUrl: consoleLine.url, getToken });
    const printing = await console.openSession(machine.machineId);
    const typing = await console.openSession(machine.machineId);
    const rig = new Rig({ name, consoleLine, agentLine, machine, getToken, console, printing, typing });
    await writeFile(join(machine.home, 'source.mjs'), SOURCE);
    await rig.#begin(linesEach20Ms);
    return rig;
  }

  /** Output that arrived so far, in this console or one before it. */
  get printedBytes(): number {
    return this.#printing.terminal.offset;
  }

  get typedLines(): number {
    return this.#typed.reduce((sum, lines) => sum + lines, 0);
  }

  /** Inputs of which a person would have been told that they were not taken. */
  get refusedInputs(): number {
    return this.#refused;
  }

  get pid(): number {
    return this.#machine.pid;
  }

  /** Both sessions live, and new output came after this was asked. @returns ms that it took */
  async resumed(limitMs = LIMIT_MS): Promise<number> {
    const startedMs = performance.now();
    const from = this.printedBytes;
    await waitFor(
      `${this.name} to go on`,
      () => this.printedBytes > from && isLive(this.#printing.terminal) && isLive(this.#typing.terminal),
      limitMs,
    );
    return performance.now() - startedMs;
  }

  /** The console dies; another one takes its place under the same sign-in. */
  async killConsole(): Promise<void> {
    this.#console.kill();
    this.#console = await SoakConsole.enter({ relayUrl: this.consoleLine.url, getToken: this.#getToken });
    this.#printing.terminal = this.#attachPrinting(this.#printing.sessionId);
    this.#typing.terminal = this.#attachTyping(this.#typing.sessionId);
    this.#typed.push(0);
  }

  /** Stops typing and waits until the machine has all of it. @returns what went wrong with the input, or null */
  async inputFault(): Promise<string | null> {
    clearInterval(this.#typist);
    const file = join(this.#machine.home, 'typed');
    const last = this.#typed.length - 1;
    const wanted = inputLine(last, (this.#typed[last] ?? 0) - 1);
    await waitFor('the last input', async () => (await readFile(file, 'utf8')).endsWith(wanted), LIMIT_MS);
    return faultOf(await readFile(file, 'utf8'), this.#typed);
  }

  async dispose(): Promise<void> {
    clearInterval(this.#typist);
    this.#console.kill();
    await this.#machine.stop();
    await this.consoleLine.dispose();
    await this.agentLine.dispose();
  }

  async #begin(linesEach20Ms: number): Promise<void> {
    const { terminal } = this.#printing;
    await waitFor('the shells', () => isLive(terminal) && isLive(this.#typing.terminal));
    terminal.type(`stty raw -echo; exec ${process.execPath} source.mjs ${linesEach20Ms}\r`);
    this.#typing.terminal.type('stty raw -echo; : > typed; exec cat >> typed\r');
    await waitFor('the numbered lines', () => this.#linesAt !== null);
    await waitFor('the file of what is typed', () =>
      readFile(join(this.#machine.home, 'typed')).then(
        () => true,
        () => false,
      ),
    );
    this.#typist = setInterval(() => this.#typeOne(), TYPED_EVERY_MS);
  }

  #typeOne(): void {
    const life = this.#typed.length - 1;
    const number = this.#typed[life] ?? 0;
    if (this.#typing.terminal.type(inputLine(life, number))) this.#typed[life] = number + 1;
    else this.#refused += 1;
  }

  #attachPrinting(sessionId: SessionId): SoakTerminal {
    return this.#console.attach(this.#machine.machineId, sessionId, {
      onOutput: (bytes, offset) => this.#printed(bytes, offset),
    });
  }

  #attachTyping(sessionId: SessionId): SoakTerminal {
    return this.#console.attach(this.#machine.machineId, sessionId, { onOutput: () => undefined });
  }

  #printed(bytes: Uint8Array, offset: number): void {
    if (this.#linesAt !== null) {
      const from = Math.max(0, this.#linesAt - offset);
      this.output.check(offset + from - this.#linesAt, bytes.subarray(from));
      return;
    }
    this.#before += Buffer.from(bytes).toString('latin1');
    const at = this.#before.indexOf(numberedLine(1));
    if (at < 0) return;
    this.#linesAt = offset + bytes.length - this.#before.length + at;
    this.output.check(0, Buffer.from(this.#before.slice(at), 'latin1'));
  }
}

function isLive(terminal: SoakTerminal): boolean {
  return terminal.state.kind === 'open' && terminal.state.agent === 'connected';
}

function inputLine(life: number, number: number): string {
  return `${String(life).padStart(5, '0')}:${String(number).padStart(9, '0')}\n`;
}

/** Each console's lines once, in order, without a hole; missing at most at its end, where the next one took over. */
function faultOf(typed: string, sent: readonly number[]): string | null {
  const lines = typed.split('\n').slice(0, -1);
  let life = 0;
  let next = 0;
  for (const line of lines) {
    const [lifeText = '', numberText = ''] = line.split(':');
    if (Number(lifeText) > life) [life, next] = [Number(lifeText), 0];
    if (Number(lifeText) !== life || Number(numberText) !== next)
      return `${line} where ${life}:${next} was due`;
    next += 1;
  }
  return life === sent.length - 1 && next === sent.at(-1) ? null : `ends at ${life}:${next}`;
}
