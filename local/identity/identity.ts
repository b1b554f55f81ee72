// The local identity server: as much of Clerk's Frontend and Backend API as the console, the relay and their
// tests use, on loopback, for the unmodified clerk-js and @clerk/backend. Seeded from seed.json.
// Run: node local/identity/identity.ts --port N --state DIR; it prints one JSON line once it is ready.
import { identityUsage, readIdentityArguments } from './identity-arguments.ts';
import { IdentityStartError, startIdentity } from './start-identity.ts';

const parsed = readIdentityArguments(process.argv.slice(2));
if (!parsed.ok) {
  process.stderr.write(`${parsed.reason}\n${identityUsage}\n`);
  process.exit(2);
}
try {
  const identity = await startIdentity({ ...parsed.options, ...(parsed.verbose ? { log: writeLog } : {}) });
  const { url, publishableKey, secretKey, jwtKeyPem } = identity;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void identity.close().then(() => process.exit(0)));
  }
  process.stdout.write(`${JSON.stringify({ ready: true, url, publishableKey, secretKey, jwtKeyPem })}\n`);
} catch (cause) {
  if (!(cause instanceof IdentityStartError)) throw cause;
  process.stderr.write(`${cause.message} (${cause.code})\n`);
  process.exit(1);
}

function writeLog(entry: object): void {
  process.stderr.write(`${JSON.stringify(entry)}\n`);
}
