import { connect } from 'node:net';
import { RelayLost } from '../attack/attack-console.ts';

const CLOSE_FRAME = 0x88;

/**
 * Sends a request as it stands and takes everything that comes back, to the byte: head, body, and the frames of a
 * socket that was refused, up to its close.
 */
export function exchangeRaw(url: string, head: readonly string[], body = ''): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    socket.on('error', () => reject(new RelayLost('raw exchange')));
    socket.on('close', () => resolve(received.toString('latin1')));
    socket.on('data', (part) => {
      received = Buffer.concat([received, part]);
      const end = received.indexOf('\r\n\r\n');
      if (end !== -1 && isWhole(received.subarray(0, end).toString('latin1'), received.subarray(end + 4))) {
        socket.destroy();
      }
    });
    const request = [...head, `Host: ${hostname}:${port}`];
    if (body !== '') request.push(`Content-Length: ${Buffer.byteLength(body)}`);
    socket.write(`${request.join('\r\n')}\r\n\r\n${body}`);
  });
}

function isWhole(head: string, rest: Buffer): boolean {
  const length = /^content-length: (\d+)/im.exec(head)?.[1];
  if (length !== undefined) return rest.length >= Number(length);
  if (/^transfer-encoding: chunked/im.test(head)) return rest.includes('0\r\n\r\n');
  for (let at = 0; at + 1 < rest.length;) {
    if (rest[at] === CLOSE_FRAME) return true;
    const short = rest[at + 1] ?? 0;
    const bytes = short < 126 ? short : rest.length >= at + 4 ? rest.readUInt16BE(at + 2) : Infinity;
    at += (short < 126 ? 2 : 4) + bytes;
  }
  return false;
}
