import { Agent, type Response, fetch as undiciFetch } from 'undici';

/** What a browser shows after following every redirect. */
export interface Page {
  /** The address it ended at; may be on a host that it was configured not to load. */
  readonly url: URL;
  /** 0 for an address that was not loaded. */
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
}

/** The first form of a page. */
export interface Form {
  readonly action: string;
  readonly method: string;
  /** Fields with their values, including hidden ones. */
  readonly fields: Readonly<Record<string, string>>;
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly host: string;
  readonly path: string;
  readonly isSecure: boolean;
  readonly sameSite: string;
}

interface Step {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly body?: Readonly<Record<string, string>>;
  /** Host of the page that caused the request; null for an address that was typed. */
  readonly from: string | null;
}

const MAX_REDIRECTS = 20;

/** Node does not resolve `*.localhost` names (RFC 6761 section 6.3): everything is on loopback. */
const loopback = new Agent({
  connect: { lookup: (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]) },
});

/** `fetch` to `*.localhost`, for servers such as a relying party. */
export const loopbackFetch: typeof undiciFetch = (url, options) =>
  undiciFetch(url, { ...options, dispatcher: loopback });

const unescapeHtml = (text: string): string =>
  text.replace(/&#(\d+);/g, (_all, code) => String.fromCharCode(Number(code)));

const attribute = (tag: string, name: string): string =>
  unescapeHtml(new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '');

/** The first form of a page; throws if there is none. */
export const formOf = ({ text, url }: Page): Form => {
  const [, tag, content] = /<form\b([^>]*)>([\s\S]*?)<\/form>/.exec(text) ?? [];
  if (tag === undefined || content === undefined) throw new Error(`no form at ${url.pathname}: ${text.slice(0, 200)}`);
  const inputs = content.match(/<input\b[^>]*>/g) ?? [];
  const fields = inputs.map((input) => [attribute(input, 'name'), attribute(input, 'value')]);
  return {
    action: attribute(tag, 'action'),
    method: attribute(tag, 'method').toUpperCase() || 'GET',
    fields: Object.fromEntries(fields),
  };
};

/** Registrable domain; each name of `*.localhost` is a separate site. */
const siteOf = (host: string): string => host.split(':')[0] ?? host;

/**
 * A browser without a page: cookies with path, Secure and SameSite, redirects, forms. Tests use one for each user.
 * @param canLoad false for hosts where it stops instead of requesting; by default it loads everything on the way
 */
export class BrowserlessAgent {
  readonly #cookies: Cookie[] = [];
  readonly #canLoad: (url: URL) => boolean;

  constructor(canLoad: (url: URL) => boolean = () => true) {
    this.#canLoad = canLoad;
  }

  /** Opens an address, as if typed or, with `from`, as a link on a page of that host. */
  open(address: string | URL, from: string | null = null): Promise<Page> {
    return this.#follow({ url: new URL(address), method: 'GET', from });
  }

  /** Posts fields from a page of the host `from`. */
  post(address: string | URL, body: Readonly<Record<string, string>>, from: string): Promise<Page> {
    return this.#follow({ url: new URL(address), method: 'POST', body, from });
  }

  /** Fills in the first form of a page and submits it. */
  submit(page: Page, fields: Readonly<Record<string, string>> = {}): Promise<Page> {
    const form = formOf(page);
    const url = new URL(form.action, page.url);
    return this.post(url, { ...form.fields, ...fields }, page.url.host);
  }

  /** Names of the cookies kept for a host, for tests of their flags. */
  cookies(host: string): readonly Cookie[] {
    return this.#cookies.filter((cookie) => cookie.host === siteOf(host));
  }

  /** Takes over the cookies of another agent, as if they were one browser; with `host`, only those of that host. */
  adopt(other: BrowserlessAgent, host?: string): void {
    this.#cookies.splice(0, Infinity, ...(host === undefined ? other.#cookies : other.cookies(host)));
  }

  /** Forgets everything, like a new private window. */
  clear(): void {
    this.#cookies.splice(0);
  }

  async #follow(first: Step): Promise<Page> {
    let step = first;
    for (let count = 0; count < MAX_REDIRECTS; count += 1) {
      if (!this.#canLoad(step.url)) return { url: step.url, status: 0, headers: new Map(), text: '' };
      const response = await this.#request(step);
      this.#keepCookies(step.url, response.headers.getSetCookie());
      const location = response.headers.get('location');
      if (location === null || response.status < 300 || response.status > 399) {
        return {
          url: step.url,
          status: response.status,
          headers: new Map(response.headers),
          text: await response.text(),
        };
      }
      await response.text();
      const keepsMethod = response.status === 307 || response.status === 308;
      const url = new URL(location, step.url);
      step = keepsMethod ? { ...step, url } : { url, method: 'GET', from: step.from };
    }
    throw new Error(`more than ${MAX_REDIRECTS} redirects`);
  }

  #request(step: Step): Promise<Response> {
    const cookie = this.#cookieHeader(step);
    return loopbackFetch(step.url, {
      method: step.method,
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        ...(cookie === '' ? {} : { cookie }),
        ...(step.body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(step.body === undefined ? {} : { body: new URLSearchParams(step.body).toString() }),
    });
  }

  /** SameSite as browsers apply it to whole pages: Lax is sent with GET, None always, Strict never from another site. */
  #cookieHeader({ url, method, from }: Step): string {
    const isCrossSite = from !== null && siteOf(from) !== siteOf(url.host);
    const isTrustworthy = url.protocol === 'https:' || url.hostname.endsWith('.localhost');
    return this.#cookies
      .filter((cookie) => cookie.host === url.hostname && url.pathname.startsWith(cookie.path))
      .filter((cookie) => !cookie.isSecure || isTrustworthy)
      .filter(({ sameSite }) => !isCrossSite || sameSite === 'none' || (sameSite === 'lax' && method === 'GET'))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  #keepCookies(url: URL, lines: readonly string[]): void {
    for (const line of lines) {
      const [pair = '', ...attributes] = line.split(/;\s*/);
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      const values = new Map(attributes.map((text) => [text.split('=')[0]?.toLowerCase(), text.split('=')[1] ?? '']));
      const path = values.get('path') ?? '/';
      const position = this.#cookies.findIndex((c) => c.name === name && c.host === url.hostname && c.path === path);
      if (position >= 0) this.#cookies.splice(position, 1);
      const expires = values.get('expires');
      const isOver = values.get('max-age') === '0' || (expires !== undefined && Date.parse(expires) <= Date.now());
      if (value === '' || isOver) continue;
      const isSecure = values.has('secure');
      const sameSite = values.get('samesite')?.toLowerCase() ?? 'lax';
      this.#cookies.push({ name, value, host: url.hostname, path, isSecure, sameSite });
    }
  }
}
