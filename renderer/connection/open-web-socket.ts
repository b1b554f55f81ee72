import type { OpenSocket } from './socket.ts';

/** @see {@link OpenSocket}, on the platform's WebSocket. */
export const openWebSocket: OpenSocket = (url, handlers) => {
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  let live = true;
  const whileLive =
    <E>(handle: (event: E) => void) =>
    (event: E) => {
      if (live) handle(event);
    };
  socket.addEventListener('open', whileLive(handlers.opened));
  socket.addEventListener(
    'message',
    whileLive(({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string') handlers.text(data);
      else if (data instanceof ArrayBuffer) handlers.binary(new Uint8Array(data));
    }),
  );
  socket.addEventListener(
    'close',
    whileLive(({ code }: CloseEvent) => {
      live = false;
      handlers.closed(code);
    }),
  );
  return {
    send: (data) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(data);
    },
    close: () => {
      live = false;
      socket.close(1000);
    },
  };
};
