// Receivers as organizations have them: one that takes webhooks, one that takes syslog over TLS. Each can be away, and
// can take a batch without saying so.
import { createServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { Webhook } from 'standardwebhooks';
import type { OwnCertificate } from './own-certificate.ts';

export interface Arrived {
  readonly seq: number;
  /** Said to be sent for the first time. */
  readonly first: boolean;
  readonly line: string;
}

export interface Receiver {
  readonly port: number;
  /** In the order in which they came. */
  readonly arrived: Arrived[];
  /** What came and was not as it has to be, one sentence each. */
  readonly faults: string[];
  /** So many batches to come are taken, and the answer is lost. */
  loseAnswers: number;
  readonly close: () => Promise<void>;
}

const seqOf = (line: string): number => (JSON.parse(line) as { seq: number }).seq;

/** @param secret how batches are signed, once it is known */
export async function webhookReceiver(
  certificate: OwnCertificate,
  secret: () => string,
  port = 0,
): Promise<Receiver> {
  const receiver = { arrived: [] as Arrived[], faults: [] as string[], loseAnswers: 0 };
  const server = createServer(certificate, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      try {
        // The body is lines of JSON: what the library makes of it as one JSON text is not asked.
        new Webhook(secret()).verify(body, headers, { jsonParse: false });
      } catch (error) {
        receiver.faults.push(`a batch that is not signed: ${String(error)}`);
      }
      const first = headers['caisey-attempt'] === '1';
      for (const line of body.trimEnd().split('\n')) receiver.arrived.push({ seq: seqOf(line), first, line });
      if (receiver.loseAnswers > 0) {
        receiver.loseAnswers -= 1;
        request.socket.destroy();
      } else response.writeHead(204).end();
    });
  });
  return listening(server, receiver, port);
}

export async function syslogReceiver(certificate: OwnCertificate, port = 0): Promise<Receiver> {
  const receiver = { arrived: [] as Arrived[], faults: [] as string[], loseAnswers: 0 };
  const server = createTlsServer({ ...certificate, allowHalfOpen: true }, (socket) => {
    const chunks: Buffer[] = [];
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('end', () => {
      readFrames(Buffer.concat(chunks), receiver);
      if (receiver.loseAnswers > 0) {
        receiver.loseAnswers -= 1;
        socket.destroy();
      } else socket.end();
    });
  });
  return listening(server, receiver, port);
}

/** RFC 5425 §4.3, RFC 5424 §6. */
const HEADER = /^(\d+) (?=<)/;
const MESSAGE =
  /^<(\d{1,3})>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (\S{1,255}) caisey (\d+) (\S{1,32}) \[meta sequenceId="(\d+)"\] (.*)$/s;

function readFrames(bytes: Buffer, { arrived, faults }: Pick<Receiver, 'arrived' | 'faults'>): void {
  let at = 0;
  while (at < bytes.length) {
    const header = HEADER.exec(bytes.subarray(at, at + 12).toString());
    const length = Number(header?.[1]);
    const from = at + (header?.[0].length ?? 0);
    const message = MESSAGE.exec(bytes.subarray(from, from + length).toString());
    const [, , , , attempt, , seq, line] = message ?? [];
    if (header === null || line === undefined || from + length > bytes.length) {
      faults.push(`no syslog message: ${bytes.subarray(at, at + 80).toString()}`);
      return;
    }
    if (seqOf(line) !== Number(seq)) faults.push(`sequenceId ${seq} is not the event's`);
    arrived.push({ seq: Number(seq), first: attempt === '1', line });
    at = from + length;
  }
}

/** Takes connections and never answers. */
export async function stalledReceiver(certificate: OwnCertificate) {
  const sockets = new Set<Socket>();
  const server = createTlsServer(certificate, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.resume();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => sockets.size,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

async function listening(
  server: Server,
  receiver: Omit<Receiver, 'port' | 'close'>,
  port: number,
): Promise<Receiver> {
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      if ('closeAllConnections' in server && typeof server.closeAllConnections === 'function') {
        server.closeAllConnections();
      }
    });
  return Object.assign(receiver, { port: (server.address() as AddressInfo).port, close });
}
