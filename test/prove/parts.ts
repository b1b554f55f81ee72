import { proveControls } from './controls/prove-controls.ts';
import { proveEvidence } from './evidence/prove-evidence.ts';
import { proveFlood } from './flood/prove-flood.ts';
import type { ProvePart } from './part.ts';
import { proveIsolation } from './prove-isolation.ts';
import { proveRevocationPart } from './revocation-part.ts';
import { proveStream } from './stream/prove-stream.ts';
import { proveTiming } from './timing/prove-timing.ts';
import { proveTokens } from './tokens/prove-tokens.ts';

/** What `npm run prove` can try, in the order in which it does: add a part here. */
export const parts: readonly ProvePart[] = [
  {
    name: 'isolation',
    says: 'every verb, message and route from every organization against every other',
    byDefault: true,
    run: proveIsolation,
  },
  {
    name: 'tokens',
    says: 'hostile tokens by class and by mutation, honest ones in between',
    byDefault: true,
    run: proveTokens,
  },
  {
    name: 'timing',
    says: 'another’s and nobody’s: the same bytes, in the same time',
    byDefault: false,
    run: proveTiming,
  },
  {
    name: 'controls',
    says: 'the relay with each control taken out: the proof has to turn red',
    byDefault: false,
    run: proveControls,
  },
  {
    name: 'evidence',
    says: 'tampering with exported files and with the live record; an idle workspace sleeps',
    byDefault: false,
    run: proveEvidence,
  },
  {
    name: 'stream',
    says: 'records sent on while receivers are away, lose answers, and the relay is killed',
    byDefault: false,
    run: proveStream,
  },
  {
    name: 'flood',
    says: 'garbage, slow and half-open lines, readers that do not read, beside someone who works',
    byDefault: false,
    run: proveFlood,
  },
  {
    name: 'revocation',
    says: 'how long a revoked sign-in is still served, with the webhook and without',
    byDefault: false,
    run: proveRevocationPart,
  },
];
