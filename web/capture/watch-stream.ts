import type { CameraProblem } from './states.ts';

const TICK_MS = 1000;
/** From the first try to connect to the first word of the service. */
const CONNECT_MS = 15_000;
/** Without a word of the service, or a byte that left, once the film is on its way. Judging a film takes AWS up to 11 s. */
const SILENT_MS = 20_000;
/** How long the component has to react to a stream that was closed. */
const CLOSED_MS = 4000;

/** What is known of one stream. Times by the monotonic clock, milliseconds. */
class WatchedSocket {
  readonly #socket: WebSocket;
  #progressAt = performance.now();
  #isHeard = false;
  #hasSent = false;
  #closedAt: number | null = null;
  #waiting = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', () => {
      this.#isHeard = true;
      this.#progressAt = performance.now();
    });
    socket.addEventListener('close', () => {
      this.#closedAt = performance.now();
    });
    const send = socket.send.bind(socket);
    socket.send = (data) => {
      this.#hasSent = true;
      // Whatever was sent before has left.
      if (socket.bufferedAmount === 0) this.#progressAt = performance.now();
      send(data);
    };
  }

  /** Why this stream leads nowhere; null: it may still. */
  problemAt(now: number): CameraProblem | null {
    const { bufferedAmount } = this.#socket;
    if (bufferedAmount < this.#waiting) this.#progressAt = now;
    this.#waiting = bufferedAmount;
    const how = this.#isHeard ? 'connection_lost' : 'connection';
    if (this.#closedAt !== null) return now - this.#closedAt > CLOSED_MS ? how : null;
    if (!this.#isHeard) return now - this.#progressAt > CONNECT_MS ? how : null;
    // Between the service's first word and the film the person finds the place: that takes as long as it takes.
    return this.#hasSent && now - this.#progressAt > SILENT_MS ? how : null;
  }

  /** A little later, so that the component can say goodbye in its own words. */
  close(): void {
    setTimeout(() => this.#socket.close(), TICK_MS);
  }
}

/**
 * Watches the liveness streams that the component opens: it waits for ever where one says nothing or falls silent
 * (aws-amplify/amplify-ui#6999).
 * @param onProblem called once, with what the person is told
 * @returns ends the watch and what streams are left
 */
export const watchStreams = (onProblem: (problem: CameraProblem) => void): (() => void) => {
  const Original = window.WebSocket;
  const sockets: WatchedSocket[] = [];
  window.WebSocket = new Proxy(Original, {
    construct: (target, parameters: ConstructorParameters<typeof WebSocket>, newTarget) => {
      const socket: WebSocket = Reflect.construct(target, parameters, newTarget);
      sockets.push(new WatchedSocket(socket));
      return socket;
    },
  });
  const check = (): void => {
    const problem = sockets.map((socket) => socket.problemAt(performance.now())).find((found) => found !== null);
    if (problem !== undefined) onProblem(problem);
  };
  const goneOffline = (): void => onProblem('connection_lost');
  const timer = setInterval(check, TICK_MS);
  window.addEventListener('offline', goneOffline);
  return () => {
    clearInterval(timer);
    window.removeEventListener('offline', goneOffline);
    window.WebSocket = Original;
    for (const socket of sockets) socket.close();
  };
};
