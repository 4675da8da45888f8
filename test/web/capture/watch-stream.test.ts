import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CameraProblem } from '../../../web/capture/states.ts';
import { watchStreams } from '../../../web/capture/watch-stream.ts';

const SECOND_MS = 1000;

/** A socket that the test controls. */
class FakeSocket extends EventTarget {
  static last: FakeSocket;
  bufferedAmount = 0;
  isClosed = false;
  constructor() {
    super();
    FakeSocket.last = this;
  }
  send(_data: unknown): void {}
  close(): void {
    this.isClosed = true;
  }
}

let page: EventTarget & { WebSocket?: unknown };
let problems: CameraProblem[];
let end: () => void;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'performance'] });
  page = Object.assign(new EventTarget(), { WebSocket: FakeSocket });
  vi.stubGlobal('window', page);
  problems = [];
  end = watchStreams((problem) => problems.push(problem));
  const Socket = page.WebSocket as new (url: string) => FakeSocket;
  new Socket('wss://stream.example.com');
});
afterEach(() => {
  end();
  vi.useRealTimers();
});

const seconds = (count: number): void => {
  vi.advanceTimersByTime(count * SECOND_MS);
};
const hear = (): boolean => FakeSocket.last.dispatchEvent(new Event('message'));
/** Like the recorder: one chunk per second. */
const film = (count: number, buffered: (second: number) => number = () => 0): void => {
  for (let second = 0; second < count; second += 1) {
    FakeSocket.last.bufferedAmount = buffered(second);
    FakeSocket.last.send('piece');
    seconds(1);
  }
};

describe('a stream', () => {
  test('that opens and never sends a message is reported within half a minute', () => {
    seconds(14);
    expect(problems).toEqual([]);
    seconds(15);
    expect(problems[0]).toBe('connection');
  });

  test('that has sent a message leaves the user time to position the face', () => {
    hear();
    seconds(140);
    expect(problems).toEqual([]);
  });

  test('that becomes silent after the video is reported within half a minute', () => {
    hear();
    film(8);
    seconds(18);
    expect(problems).toEqual([]);
    seconds(10);
    expect(problems[0]).toBe('connection_lost');
  });

  test('whose bytes are no longer sent is reported while the video still runs', () => {
    hear();
    film(3);
    film(27, (second) => (second + 1) * 1000);
    expect(problems[0]).toBe('connection_lost');
  });

  test('that is slow but makes progress is not reported', () => {
    hear();
    film(60, (second) => 10_000 - second * 100);
    expect(problems).toEqual([]);
  });

  test('that is closed without a message to the component is reported', () => {
    hear();
    FakeSocket.last.dispatchEvent(new Event('close'));
    seconds(3);
    expect(problems).toEqual([]);
    seconds(3);
    expect(problems[0]).toBe('connection_lost');
  });
});

test('a browser without a network is reported immediately', () => {
  page.dispatchEvent(new Event('offline'));
  expect(problems).toEqual(['connection_lost']);
});

test('after the watch ends nothing is reported, the stream is closed, and the page has its original sockets again', () => {
  hear();
  film(1);
  end();
  page.dispatchEvent(new Event('offline'));
  seconds(60);
  expect(problems).toEqual([]);
  expect(FakeSocket.last.isClosed).toBe(true);
  expect(page.WebSocket).toBe(FakeSocket);
});
