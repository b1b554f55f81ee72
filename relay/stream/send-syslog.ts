// A batch over syslog's TLS transport (RFC 5425), which knows no acknowledgement. So each batch has a connection of its
// own: we end our side, and the receiver's orderly end says that it read all there was: one that closes with something
// unread, or dies, resets the connection, and the batch goes again.
import type { StreamReceiver, StreamTrouble } from '#protocol/stream.ts';
import type { Batch } from './batch.ts';
import type { Receivers } from './receivers.ts';
import { SEND_TIMEOUT_MS } from './send-webhook.ts';
import { syslogFrames } from './syslog-message.ts';

export async function sendSyslog(
  { host, port }: Extract<StreamReceiver, { kind: 'syslog' }>,
  batch: Batch,
  { receivers }: { readonly receivers: Receivers },
): Promise<StreamTrouble | null> {
  const socket = receivers.connect(host, port);
  // Told by what is read and written as well.
  socket.closed.catch(() => undefined);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    void socket.close().catch(() => undefined);
  }, SEND_TIMEOUT_MS);
  try {
    const writer = socket.writable.getWriter();
    await writer.write(syslogFrames(batch));
    await writer.close();
    const reader = socket.readable.getReader();
    // A receiver has nothing to say; what it says all the same is not kept.
    while (!(await reader.read()).done);
    return late ? 'late' : null;
  } catch {
    return late ? 'late' : 'unreachable';
  } finally {
    clearTimeout(timer);
    void socket.close().catch(() => undefined);
  }
}
