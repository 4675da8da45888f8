import { lookup as systemLookup } from 'node:dns/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Delivered, WebhookSender } from '../../core/webhooks/deliver.ts';
import type { Destinations } from '../../core/webhooks/destination.ts';

interface Address {
  readonly address: string;
  readonly family: number;
}

/** All addresses of a host name. */
export type Resolve = (host: string) => Promise<readonly Address[]>;

const resolveBySystem: Resolve = (host) => systemLookup(host, { all: true });

/** A receiver should answer first and work afterwards. */
const TIMEOUT_MS = 5000;
const MAX_HEADER_BYTES = 16 * 1024;

class ForbiddenAddress extends Error {}

/**
 * Posts webhooks. The socket itself asks this class to resolve the name, so that the address that was checked is the address that is
 * connected to: a name that resolves differently the next time (DNS rebinding) gains nothing. One address that is not allowed refuses
 * the whole name. No redirect is followed, no proxy is used, and nothing of the response body is read.
 */
export class HttpsWebhookSender implements WebhookSender {
  readonly #destinations: Destinations;
  readonly #resolve: Resolve;
  readonly #timeoutMs: number;

  constructor(destinations: Destinations, resolve: Resolve = resolveBySystem, timeoutMs = TIMEOUT_MS) {
    this.#destinations = destinations;
    this.#resolve = resolve;
    this.#timeoutMs = timeoutMs;
  }

  async send({ url, headers, body }: Parameters<WebhookSender['send']>[0]): Promise<Delivered> {
    // Checked again: the row may be older than the rule.
    if (this.#destinations.faultOf(url) !== null) return { outcome: 'forbidden', status: null };
    try {
      const status = await this.#post(new URL(url), headers, body);
      return { outcome: status >= 200 && status < 300 ? 'delivered' : 'refused', status };
    } catch (error) {
      if (error instanceof ForbiddenAddress) return { outcome: 'forbidden', status: null };
      const isTimeout = error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError');
      return { outcome: isTimeout ? 'timeout' : 'unreachable', status: null };
    }
  }

  #post(url: URL, headers: Readonly<Record<string, string>>, body: string): Promise<number> {
    const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const call = request(url, {
        method: 'POST',
        headers: {
          ...headers,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'Verified-Webhooks/1',
        },
        agent: false,
        lookup: this.#lookup,
        maxHeaderSize: MAX_HEADER_BYTES,
        signal: AbortSignal.timeout(this.#timeoutMs),
      });
      call.on('response', (response) => {
        resolve(response.statusCode ?? 0);
        response.destroy();
      });
      // Whatever comes after a response, or in place of one, such as a 101.
      call.on('upgrade', (_response, socket) => {
        socket.destroy();
        reject(new Error('the receiver wants another protocol'));
      });
      call.on('error', reject);
      call.end(body);
    });
  }

  readonly #lookup: LookupFunction = (host, options, answer) => {
    this.#resolve(host).then(
      (addresses) => {
        const [first] = addresses;
        const isAllowed = addresses.every(({ address }) => this.#destinations.mayConnect(address));
        if (first === undefined || !isAllowed) return answer(new ForbiddenAddress(), '', 0);
        return options.all === true ? answer(null, [...addresses]) : answer(null, first.address, first.family);
      },
      (error: Error) => answer(error, '', 0),
    );
  };
}
