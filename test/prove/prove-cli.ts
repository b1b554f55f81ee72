// `npm run prove`: tries to cross from every organization of a relay into every other, and to be let in without right.
// Ends with 0 only when every part held; what did not is listed, and all figures go to a JSON report.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  EXIT_FAILED,
  EXIT_INTERRUPTED,
  logToStderr,
  readOptions,
  wrongUsage,
} from '../../build/command-line.ts';
import { repositoryRoot } from '../../build/repository-root.ts';
import type { PartReport, ProvePart } from './part.ts';
import { parts } from './parts.ts';
import { createProvenRelay } from './relay/proven-relay.ts';

/** As shells count a SIGTERM. */
const EXIT_TERMINATED = 143;

const width = Math.max(...parts.map(({ name }) => name.length), 'controls'.length);
const list = parts
  .map(
    ({ name, says, byDefault }) => `  ${name.padEnd(width)}  ${says}${byDefault ? '' : ' (not by default)'}`,
  )
  .join('\n');
const USAGE = `usage: npm run prove -- [options]

${list}

  --all            every part
  --controls       the same as --only controls
  --only <a,b>     only these parts
  --quick          few organizations and small numbers: seconds instead of minutes
  --report <file>  where the JSON report goes (default: .cache/reports/prove.json)
  --relay <url>    a relay that runs already; the local one is started otherwise (see docs/prove.md)
  --issuer <file>  with --relay: JSON of issuer, kid, privateKeyPem (RSA, PKCS 8)`;

const options = readOptions(USAGE, {
  all: { type: 'boolean' },
  controls: { type: 'boolean' },
  only: { type: 'string' },
  quick: { type: 'boolean' },
  report: { type: 'string' },
  relay: { type: 'string' },
  issuer: { type: 'string' },
});
if ((options.relay === undefined) !== (options.issuer === undefined))
  wrongUsage('--relay needs --issuer, and the other way round.', USAGE);

const chosen = choose();
const interrupted = new AbortController();
process.once('SIGINT', () => {
  interrupted.abort();
  // Whoever asks twice does not want to wait for what is under way. What was started ends with this process.
  process.once('SIGINT', () => process.exit(EXIT_INTERRUPTED));
});
process.once('SIGTERM', () => process.exit(EXIT_TERMINATED));
const startedAt = Date.now();
const relay = createProvenRelay({
  log: logToStderr,
  remote: options.relay === undefined ? null : { url: options.relay, issuerFile: options.issuer ?? '' },
});
const reports: { readonly part: string; readonly report: PartReport; readonly seconds: number }[] = [];
try {
  for (const part of chosen) {
    if (interrupted.signal.aborted) break;
    const from = performance.now();
    const report = await part.run({
      log: (line) => logToStderr(`${part.name.padEnd(width)}  ${line}`),
      signal: interrupted.signal,
      quick: options.quick === true,
      relay: relay.get,
    });
    reports.push({ part: part.name, report, seconds: Math.round((performance.now() - from) / 100) / 10 });
  }
} finally {
  await relay.dispose();
}

const breaches = reports.flatMap(({ part, report }) => report.breaches.map((breach) => `${part}: ${breach}`));
const file = options.report ?? join(repositoryRoot, '.cache/reports/prove.json');
await mkdir(dirname(file), { recursive: true });
await writeFile(
  file,
  `${JSON.stringify({ startedAt, finishedAt: Date.now(), quick: options.quick === true, relay: options.relay ?? 'local', held: breaches.length === 0, parts: reports }, null, 2)}\n`,
);
for (const breach of breaches.slice(0, 40)) process.stdout.write(`✗ ${breach}\n`);
if (breaches.length > 40) process.stdout.write(`✗ … and ${breaches.length - 40} more, all in ${file}\n`);
const isOfLastLine = ({ part }: { part: string }) => part === 'isolation' || part === 'tokens';
for (const { part, report, seconds } of reports.filter((one) => !isOfLastLine(one)))
  process.stdout.write(`${part}: ${report.summary} (${seconds} s)\n`);
process.stdout.write(`report: ${file}\n`);
const last = reports.filter(isOfLastLine).map(({ report }) => report.summary);
process.stdout.write(
  `prove: ${last.length > 0 ? last.join('; ') : breaches.length === 0 ? 'held' : `${breaches.length} breaches`}\n`,
);
process.exitCode = interrupted.signal.aborted ? EXIT_INTERRUPTED : breaches.length > 0 ? EXIT_FAILED : 0;

function choose(): readonly ProvePart[] {
  const only = options.controls === true ? 'controls' : options.only;
  if (only === undefined) return parts.filter(({ byDefault }) => options.all === true || byDefault);
  return only
    .split(',')
    .map(
      (name) => parts.find((part) => part.name === name) ?? wrongUsage(`There is no part "${name}".`, USAGE),
    );
}
