// The identity server: Clerk's Frontend API, what is needed of its Backend API, and its webhooks, for the unmodified
// clerk-js and @clerk/backend. People and organizations come from one readable seed file; state is kept on disk.
// On loopback alone: its passwords are written in the repository.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { createDirectory } from './directory.ts';
import { randomId } from './identity-context.ts';
import type { IdentityContext } from './identity-context.ts';
import { Mailbox } from './mailbox.ts';
import type { MailLog } from './mailbox.ts';
import { readState, writeState } from './identity-state.ts';
import type { IdentityState } from './identity-state.ts';
import { handleRequest } from './request-handler.ts';
import type { RequestLog } from './request-handler.ts';
import { readSeed } from './seed.ts';
import { ensureSigningKey } from './signing-key.ts';
import { WebhookSender } from './webhook-sender.ts';
import type { WebhookLog, WebhookTarget } from './webhook-sender.ts';

export const demoSeedFile = fileURLToPath(new URL('./seed.json', import.meta.url));

export type IdentityOptions = {
  /** 0 takes any free port; the issuer and the publishable key follow the port. */
  port: number;
  /** 127.0.0.1 (the default) or ::1; anything else is refused. */
  host?: string;
  /** Keys, clients and sessions; made when missing. One server at a time. */
  stateDir: string;
  seedFile?: string;
  webhook?: WebhookTarget;
  /** 60 as with Clerk. Below about 30, clerk-js refreshes without pause. */
  tokenLifetimeSeconds?: number;
  /** Opens the address with which a sign-in in the browser ends, where nothing on this computer would. */
  sendBack?: (address: string) => void;
  now?: () => number;
  log?: (
    entry:
      | Parameters<RequestLog>[0]
      | Parameters<WebhookLog>[0]
      | Parameters<MailLog>[0]
      | { event: 'request_failed'; detail: string },
  ) => void;
};

export type RunningIdentity = {
  /** Base of both APIs and issuer of the tokens, without a slash at the end. */
  url: string;
  publishableKey: string;
  secretKey: string;
  jwtKeyPem: string;
  close(): Promise<void>;
};

export type IdentityErrorCode =
  | 'EADDRINUSE'
  | 'bind_failed'
  | 'not_loopback'
  | 'seed_unreadable'
  | 'seed_invalid'
  | 'state_invalid'
  | 'webhook_invalid';

/** Why the server could not start; the message says what to do about it. */
export class IdentityStartError extends Error {
  readonly code: IdentityErrorCode;

  constructor(code: IdentityErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'IdentityStartError';
    this.code = code;
  }
}

/** Starts the server. Rejects with IdentityStartError. */
export async function startIdentity(options: IdentityOptions): Promise<RunningIdentity> {
  const host = options.host ?? '127.0.0.1';
  if (host !== '127.0.0.1' && host !== '::1') {
    throw new IdentityStartError(
      'not_loopback',
      `The local identity server holds demo passwords and binds loopback only, not ${host}. Use 127.0.0.1 or ::1.`,
    );
  }
  const now = options.now ?? Date.now;
  const log = options.log ?? (() => {});
  const seed = readSeed(options.seedFile ?? demoSeedFile);
  if (!seed.ok) throw new IdentityStartError(seed.code, `The seed cannot be used.\n${seed.reason}`);
  const stored = readState(
    options.stateDir,
    () => `sk_test_${randomBytes(32).toString('base64url').replaceAll(/[-_]/g, 'x')}`,
    now(),
  );
  if (!stored.ok) {
    throw new IdentityStartError(
      'state_invalid',
      `The stored state cannot be used: ${stored.reason}\nRemove the file to begin with an empty one.`,
    );
  }
  const state = stored.state;
  const key = ensureSigningKey(options.stateDir, randomId);
  const save = createSave(options.stateDir, state);

  const server = createServer();
  const port = await listen(server, host, options.port);
  const authority = `${host === '::1' ? '[::1]' : host}:${port}`;
  const url = `http://${authority}`;
  const sender = options.webhook
    ? startSender(server, { target: options.webhook, outbox: state.webhooks, save, now, log })
    : null;
  const context: IdentityContext = {
    directory: createDirectory(seed.seed, state),
    state,
    key,
    tokens: { issuer: url, lifetimeSeconds: options.tokenLifetimeSeconds ?? 60, newId: randomId },
    now,
    newId: randomId,
    mailbox: new Mailbox(log),
    sendBack: options.sendBack ?? null,
    emit: (type, data) =>
      sender?.send({
        id: randomId('msg'),
        type,
        body: JSON.stringify({
          object: 'event',
          type,
          data,
          timestamp: now(),
          instance_id: key.kid,
          event_attributes: { http_request: { client_ip: '', user_agent: '' } },
        }),
        attempts: 0,
      }),
  };
  server.on('request', (request, response) => {
    handleRequest(context, save, log, request, response).catch((cause: unknown) => {
      log({ event: 'request_failed', detail: cause instanceof Error ? cause.message : String(cause) });
      response.destroy();
    });
  });
  save();
  return {
    url,
    publishableKey: `pk_test_${Buffer.from(`${authority}$`).toString('base64')}`,
    secretKey: state.secretKey,
    jwtKeyPem: key.publicKeyPem,
    close: async () => {
      sender?.dispose();
      await close(server);
      save();
    },
  };
}

/** Writes the state where it differs from what was last written: minting a token changes nothing. */
function createSave(stateDir: string, state: IdentityState): () => void {
  let written = '';
  return () => {
    const text = JSON.stringify(state, null, 2);
    if (text === written) return;
    writeState(stateDir, text);
    written = text;
  };
}

function startSender(server: Server, options: ConstructorParameters<typeof WebhookSender>[0]): WebhookSender {
  try {
    return new WebhookSender(options);
  } catch (cause) {
    server.close();
    throw new IdentityStartError(
      'webhook_invalid',
      'The webhook secret cannot be used: it must be whsec_ followed by base64.',
      { cause },
    );
  }
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        cause.code === 'EADDRINUSE'
          ? new IdentityStartError(
              'EADDRINUSE',
              `Port ${port} on ${host} is taken by another process. Stop it, or choose another port.`,
              { cause },
            )
          : new IdentityStartError('bind_failed', `Cannot listen on ${host}:${port}: ${cause.message}`, {
              cause,
            }),
      );
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
