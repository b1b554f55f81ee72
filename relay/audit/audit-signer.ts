import type { RelayConfig } from '../config.ts';
import type { AuditWriter } from './append-event.ts';

/** What signing an audit takes beyond writing it. */
export interface AuditSigner extends AuditWriter {
  readonly storage: DurableObjectStorage;
  readonly config: Pick<RelayConfig, 'relaySecret'>;
}
