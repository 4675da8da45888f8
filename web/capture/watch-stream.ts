import type { CameraProblem } from './states.ts';

const TICK_MS = 1000;
/** From the first connection to the service's first message. */
const CONNECT_MS = 15_000;
/** Without a message from the service or a byte sent, once the video is streaming. AWS takes up to 11 s to judge a video. */
const SILENT_MS = 20_000;
/** How long the component may take to react to a closed stream. */
const CLOSED_MS = 4000;

/** State of one stream. Times by the monotonic clock, milliseconds. */
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
      // Everything sent before has left the buffer.
      if (socket.bufferedAmount === 0) this.#progressAt = performance.now();
      send(data);
    };
  }

  /** Why this stream has failed; null: it has not. */
  problemAt(now: number): CameraProblem | null {
    const { bufferedAmount } = this.#socket;
    if (bufferedAmount < this.#waiting) this.#progressAt = now;
    this.#waiting = bufferedAmount;
    const how = this.#isHeard ? 'connection_lost' : 'connection';
    if (this.#closedAt !== null) return now - this.#closedAt > CLOSED_MS ? how : null;
    if (!this.#isHeard) return now - this.#progressAt > CONNECT_MS ? how : null;
    // Between the service's first message and the video the user positions the face, which may take any time.
    return this.#hasSent && now - this.#progressAt > SILENT_MS ? how : null;
  }

  /** Slightly later, so that the component can report its own error first. */
  close(): void {
    setTimeout(() => this.#socket.close(), TICK_MS);
  }
}

/**
 * Watches the liveness streams that the component opens: the component waits forever if one is or becomes silent
 * (aws-amplify/amplify-ui#6999).
 * @param onProblem called once, with the problem to show
 * @returns ends the watch and closes the remaining streams
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
