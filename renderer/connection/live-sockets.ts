// Sockets that notice a dead line by themselves: one on which nothing comes, not even the answer to a question, ends
// as if the network had ended it. The platform's own notice takes minutes.
import { BEAT, BEAT_ANSWER } from '#protocol/control/heartbeat.ts';
import type { OpenSocket, Socket, SocketHandlers, Timers } from './socket.ts';

/** Nothing heard for this long: ask. */
const ASK_AFTER_MS = 5000;
const ANSWER_WITHIN_MS = 5000;
const PROBE_ANSWER_WITHIN_MS = 3000;
/** As the platform closes a socket whose network is gone. */
const NETWORK_GONE = 1006;

export class LiveSockets {
  readonly #open: OpenSocket;
  readonly #timers: Timers;
  readonly #watched = new Set<{ readonly probe: () => void }>();

  constructor(open: OpenSocket, timers: Timers) {
    this.#open = open;
    this.#timers = timers;
  }

  readonly open: OpenSocket = (url, handlers) => {
    const socket = this.#open(url, {
      opened: () => {
        this.#watched.add(watch);
        watch.heard();
        handlers.opened();
      },
      text: (data) => {
        watch.heard();
        if (data !== BEAT_ANSWER) handlers.text(data);
      },
      binary: (bytes) => {
        watch.heard();
        handlers.binary(bytes);
      },
      closed: (closeCode) => {
        end();
        handlers.closed(closeCode);
      },
    });
    const end = (): void => {
      watch.stop();
      this.#watched.delete(watch);
    };
    const watch = watchFor(socket, handlers, this.#timers, end, () => this.probe());
    return {
      send: socket.send,
      close: () => {
        end();
        socket.close();
      },
    };
  };

  /** The network changed, or the computer slept: lines that died meanwhile are noticed within seconds. */
  probe(): void {
    for (const watch of this.#watched) watch.probe();
  }
}

function watchFor(
  socket: Socket,
  handlers: SocketHandlers,
  timers: Timers,
  end: () => void,
  foundDead: () => void,
): { heard: () => void; probe: () => void; stop: () => void } {
  let stopTimer: () => void = () => undefined;
  const ask = (answerWithinMs: number): void => {
    stopTimer();
    stopTimer = timers.after(answerWithinMs, () => {
      end();
      socket.close();
      handlers.closed(NETWORK_GONE);
      // What was on the same network is likely to be gone as well.
      foundDead();
    });
    socket.send(BEAT);
  };
  return {
    heard: () => {
      stopTimer();
      stopTimer = timers.after(ASK_AFTER_MS, () => ask(ANSWER_WITHIN_MS));
    },
    probe: () => ask(PROBE_ANSWER_WITHIN_MS),
    stop: () => stopTimer(),
  };
}
