import { once } from 'node:events';
import { connect } from 'node:net';

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const parse = (text: string): RawAnswer => {
  const headEnd = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = text.slice(0, headEnd).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  return { status: Number(statusLine.split(' ')[1]), headers, body: text.slice(headEnd + 4) };
};

/**
 * Sends bytes to a server as they are, and reads until it closes: what no HTTP client would send.
 * @param url whose port is used
 * @param head request line and headers, without the empty line
 */
export const rawExchange = async (url: string, head: readonly string[], body = ''): Promise<RawAnswer> => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  socket.on('error', () => {});
  const closed = once(socket, 'close');
  socket.write(Buffer.from(`${[...head, 'connection: close'].join('\r\n')}\r\n\r\n${body}`, 'latin1'));
  await closed;
  return parse(text);
};
