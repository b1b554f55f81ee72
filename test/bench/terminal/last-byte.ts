import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SoakConsole } from '../../soak/soak-console.ts';
import { waitFor } from '../../harness/wait-for.ts';
import type { BenchRun, Measure } from '../bench.ts';
import { PROMPT } from './remote-shell.ts';
import type { TerminalRig } from './terminal.ts';

const SESSIONS = 100;
const AT_ONCE = 5;
const SIGN_IN_EVERY = 25;
/** The end of a file is all that is printed, so that the shell's end comes close behind it. */
const PRINTED_BYTES = 300_000;

/** Shells that print and are gone: the output at the exit against its source. */
export async function lastBytes(
  { machine, enter }: TerminalRig,
  { signal }: BenchRun,
): Promise<readonly Measure[]> {
  const source = await readFile(join(machine.home, 'flood'));
  // The terminal writes a line's end as two characters.
  const printed = source.subarray(-PRINTED_BYTES).toString('latin1').replaceAll('\n', '\r\n');
  let exact = 0;
  let console = await enter();
  for (let done = 0; done < SESSIONS && !signal.aborted; done += AT_ONCE) {
    if (done > 0 && done % SIGN_IN_EVERY === 0) {
      console.kill();
      console = await enter();
    }
    const ends = await Promise.all(
      Array.from({ length: AT_ONCE }, () => outputAtExit(console, machine.machineId)),
    );
    exact += ends.filter((output) => sha256(output.slice(-printed.length)) === sha256(printed)).length;
  }
  console.kill();
  const name = `P11 output at exit equals its source, of ${SESSIONS}`;
  return [{ name, value: exact, unit: '', goal: { atLeast: SESSIONS }, gate: { atLeast: SESSIONS } }];
}

async function outputAtExit(
  console: SoakConsole,
  machineId: TerminalRig['machine']['machineId'],
): Promise<string> {
  let output = '';
  const terminal = console.attach(machineId, await console.openSession(machineId), {
    onOutput: (bytes) => {
      output += Buffer.from(bytes).toString('latin1');
    },
  });
  await waitFor('the prompt', () => output.endsWith(PROMPT));
  terminal.type(`exec tail -c ${PRINTED_BYTES} flood\r`);
  await waitFor('the end', () => terminal.state.kind === 'ended');
  return output;
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'latin1').digest('hex');
}
