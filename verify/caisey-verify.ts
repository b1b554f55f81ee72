// caisey-verify: checks an evidence file of Caisey Console without network and without anything but Node.
// Exit codes: 0 proven, 1 there is a doubt, 2 wrong usage, 3 a file cannot be read or written.
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fileLines } from './file-lines.ts';
import { cosign, readCheckpoint, readVerifierKey, witnessKeyText } from './note.ts';
import type { VerifierKey } from './note.ts';
import { printable } from './printable.ts';
import { reportOf } from './report.ts';
import { verifyEvidence } from './verify-evidence.ts';
import type { Trust } from './verify-evidence.ts';

const USAGE = `usage: caisey-verify FILE --key KEY [options]        check an evidence file
       caisey-verify cosign FILE --key KEY --as WITNESS-FILE [options]
                                                     check it, then co-sign its checkpoint: the note goes to stdout
       caisey-verify new-witness NAME --as WITNESS-FILE
                                                     make a witness’s key; its verifier key goes to stdout

  --key KEY         verifier key of the workspace (name+hash+base64), or a file with one a line; may be given again.
                    Take it from the console or the relay's operator, not from the evidence file.
  --last-seen FILE  a checkpoint kept elsewhere: catches a record that was cut back to an older state
  --witness KEY     verifier key of a witness that must have co-signed the checkpoint or the one last seen
  --keep FILE       write the covering checkpoint there when all is proven: the next --last-seen
  --json            the verdict as JSON`;

const EXIT_DOUBT = 1;
const EXIT_USAGE = 2;
const EXIT_FILE = 3;

/** Ends the process with what is wrong and what to do. */
function fail(exitCode: number, code: string, text: string, next: string): never {
  process.stderr.write(printable(`${code}: ${text}\n${next}\n`));
  process.exit(exitCode);
}

function readOptions() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        key: { type: 'string', multiple: true },
        witness: { type: 'string', multiple: true },
        'last-seen': { type: 'string' },
        keep: { type: 'string' },
        as: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    return fail(EXIT_USAGE, 'usage', error instanceof Error ? error.message : String(error), USAGE);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    return cannot('read', path, error);
  }
}

function write(path: string, text: string, mode: number, flag: 'w' | 'wx'): void {
  try {
    writeFileSync(path, text, { mode, flag });
  } catch (error) {
    cannot('write', path, error);
  }
}

function cannot(what: string, path: string, error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error);
  return fail(
    EXIT_FILE,
    'file_unreadable',
    `Cannot ${what} ${path}: ${reason}`,
    'Check the path and its rights.',
  );
}

function readKeys(given: readonly string[], witnesses: boolean): VerifierKey[] {
  return given.flatMap((text) => {
    const lines = text.includes('+') ? [text] : readText(text).trim().split('\n');
    return lines.map((line) => {
      const key = readVerifierKey(line);
      if (key !== null && key.witness === witnesses) return key;
      return fail(
        EXIT_USAGE,
        'key_invalid',
        `Not a verifier key ${witnesses ? 'of a witness' : 'of a workspace'}: ${line}`,
        'It looks like name+8 hex digits+base64: copy it whole.',
      );
    });
  });
}

function readTrust(): Trust {
  const keys = readKeys(values.key ?? [], false);
  if (keys.length === 0) fail(EXIT_USAGE, 'key_missing', 'Without --key nothing can be proven.', USAGE);
  const path = values['last-seen'];
  const lastSeen = path === undefined ? null : readCheckpoint(readText(path));
  if (path !== undefined && lastSeen === null) {
    fail(
      EXIT_DOUBT,
      'last_seen_invalid',
      `${path} is no checkpoint.`,
      'Give the file that --keep wrote, unchanged.',
    );
  }
  return { keys, lastSeen, witnesses: readKeys(values.witness ?? [], true) };
}

function verifyFile(path: string, trust: Trust) {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    return cannot('read', path, error);
  }
  try {
    return verifyEvidence(fileLines(descriptor), trust);
  } catch (error) {
    return cannot('read', path, error);
  } finally {
    closeSync(descriptor);
  }
}

function newWitness(name: string | undefined): void {
  if (name === undefined || !/^[\w./-]+$/.test(name) || values.as === undefined) {
    fail(EXIT_USAGE, 'usage', 'A witness needs a name (letters, digits, . / -) and --as FILE.', USAGE);
  }
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  write(values.as, `${name}\n${pem}`, 0o600, 'wx');
  process.stdout.write(`${witnessKeyText(name, publicKey)}\n`);
}

function readWitness() {
  if (values.as === undefined) return fail(EXIT_USAGE, 'usage', 'Co-signing needs --as FILE.', USAGE);
  const [name, ...pem] = readText(values.as).split('\n');
  try {
    return { name: name ?? '', key: createPrivateKey(pem.join('\n')) };
  } catch {
    return fail(
      EXIT_USAGE,
      'witness_invalid',
      `${values.as} is no witness’s file.`,
      'Make one: caisey-verify new-witness.',
    );
  }
}

function main(file: string | undefined, cosigning: boolean): void {
  if (file === undefined) fail(EXIT_USAGE, 'usage', 'No file given.', USAGE);
  const trust = readTrust();
  const witness = cosigning ? readWitness() : null;
  const verdict = verifyFile(file, trust);
  const out = cosigning ? process.stderr : process.stdout;
  out.write(
    values.json === true
      ? `${JSON.stringify(reportOf(verdict, trust), null, 2)}\n`
      : reportOf(verdict, trust).text,
  );
  if (!verdict.ok) {
    process.exitCode = EXIT_DOUBT;
    return;
  }
  const { note } = verdict.covering;
  if (values.keep !== undefined) write(values.keep, note, 0o644, 'w');
  if (witness !== null) process.stdout.write(cosign(verdict.covering, witness.name, witness.key, Date.now()));
}

const { values, positionals } = readOptions();
const [first, second, ...more] = positionals;
if (values.help === true) process.stdout.write(`${USAGE}\n`);
else if (more.length > 0) fail(EXIT_USAGE, 'usage', `Too many files: ${more.join(' ')}`, USAGE);
else if (first === 'new-witness') newWitness(second);
else if (first === 'cosign') main(second, true);
else if (second !== undefined) fail(EXIT_USAGE, 'usage', `Too many files: ${second}`, USAGE);
else main(first, false);
