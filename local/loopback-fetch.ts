import { Agent, type RequestInit as UndiciRequest, fetch as undiciFetch } from 'undici';

/** Node resolves no `*.localhost` names, as browsers do (RFC 6761 section 6.3): everything here is on loopback. */
const loopback = new Agent({
  connect: { lookup: (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]) },
});

/** `fetch` between local parts, by the names that browsers use for them. */
export const loopbackFetch = (url: string | URL, options?: object): Promise<Response> =>
  // Two declarations of one interface: that of Node and that of undici.
  undiciFetch(url, { ...(options as UndiciRequest), dispatcher: loopback }) as unknown as Promise<Response>;
