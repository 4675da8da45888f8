import { Agent, type RequestInit as UndiciRequest, fetch as undiciFetch } from 'undici';

/** Unlike browsers, Node does not resolve `*.localhost` names (RFC 6761 section 6.3): everything here is on loopback. */
const loopback = new Agent({
  connect: { lookup: (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]) },
});

/** `fetch` between local parts, by the names that browsers use for them. */
export const loopbackFetch = (url: string | URL, options?: object): Promise<Response> =>
  // Two declarations of one interface: Node's and undici's.
  undiciFetch(url, { ...(options as UndiciRequest), dispatcher: loopback }) as unknown as Promise<Response>;
