import { randomUUID } from 'node:crypto';
import type { CompleteResponse, StartLivenessResponse } from '../../../contract/api/face-check.ts';
import { SessionView } from '../../../contract/api/session.ts';
import { SESSION_HANDLE_HEADER } from '../../../contract/api/session-handle.ts';
import type { Platform } from '../../../local/platform/start-platform.ts';
import { BrowserlessAgent, loopbackFetch, type Page } from '../../support/browserless-agent.ts';
import { portrait } from '../../support/face-photos.ts';
import { approaching, recordClip } from '../../support/liveness-clip.ts';
import { streamLiveness } from '../../support/liveness-streamer.ts';
import type { DeployedWorld } from './deployed-world.ts';

/** An answer of the API. */
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows the route that it calls
  readonly body: any;
}

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** Somebody whom the tenant does not know yet. */
export const newcomer = (): Credentials => ({ email: `${randomUUID()}@example.com`, password: 'correct horse' });

type Task = 'enroll' | 'verify';

/** One login of a user at the bank: everything that browser and pages send, without either. */
export class WireLogin {
  readonly #platform: Platform;
  readonly #controlUrl: string;
  readonly #agent = new BrowserlessAgent((url) => !url.pathname.startsWith('/capture/'));
  /** Where the bank's redirects led. */
  page: Page | null = null;

  constructor({ platform, controlUrl }: Pick<DeployedWorld, 'platform' | 'controlUrl'>) {
    this.#platform = platform;
    this.#controlUrl = controlUrl;
  }

  /** Enters address and password, and follows to the capture page, or wherever else the login leads. */
  async begin({ email, password }: Credentials, isNew = false): Promise<Page> {
    const form = await this.#agent.open(`${this.#platform.bank}/login?again=1`);
    const signUp = new URL(form.url.href.replace('/u/login', '/u/signup'));
    this.page = isNew
      ? await this.#agent.submit(await this.#agent.open(signUp), { email, password, name: 'Test Person' })
      : await this.#agent.submit(form, { email, password });
    return this.page;
  }

  /** Opens the link of a check that was handed to this device. */
  async follow(link: string): Promise<Page> {
    this.page = await this.#agent.submit(await this.#agent.open(link), { answer: 'continue' });
    return this.page;
  }

  /** One call of the capture page's script. */
  async call(method: 'GET' | 'POST', path: string, body?: object): Promise<Answer> {
    const origin = this.#platform.verified;
    const cookies = this.#agent.cookies(new URL(origin).hostname).map(({ name, value }) => `${name}=${value}`);
    const response = await loopbackFetch(`${origin}${path}`, {
      method,
      headers: {
        cookie: cookies.join('; '),
        [SESSION_HANDLE_HEADER]: this.page?.url.hash.slice(1) ?? '',
        origin,
        'sec-fetch-site': 'same-origin',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  }

  async view(): Promise<SessionView> {
    return SessionView.parse((await this.call('GET', '/api/session')).body);
  }

  /** Presses "Start". */
  async start(task: Task): Promise<Answer & { readonly body: StartLivenessResponse }> {
    const { consent } = await this.view();
    const agreed = consent === null ? {} : { consent: { version: consent.version, locale: 'en' } };
    return this.call('POST', `/api/${task}/liveness`, agreed);
  }

  /** A person in front of the camera, streamed with the credentials that the start brought. @param seed of small movements */
  async stream(started: StartLivenessResponse, seed: number): Promise<void> {
    if (started.state !== 'started') throw new Error(`the start answered ${started.state}`);
    await streamLiveness({
      endpoint: this.#platform.rekognition,
      credentials: started.credentials,
      region: started.region,
      sessionId: started.livenessSessionId,
      video: await recordClip(approaching(seed % 2 === 0 ? 'A' : 'A again', { seed })),
    });
  }

  complete(task: Task, attempt = 1): Promise<Answer & { readonly body: CompleteResponse }> {
    return this.call('POST', `/api/${task}/complete`, { attempt });
  }

  /** Start and completion, with a liveness session that ends well without a stream. @returns the answer that ended it */
  async attempt(task: Task): Promise<Answer> {
    const started = await this.start(task);
    if (started.status !== 200) return started;
    const referenceImage = (await portrait('A')).toString('base64');
    // Housekeeping may ask for results at the same time.
    const rule = { operation: 'GetFaceLivenessSessionResults', status: 'SUCCEEDED', referenceImage, times: 5 };
    await this.#control('POST', rule);
    try {
      return await this.complete(task);
    } finally {
      await this.#control('DELETE');
    }
  }

  /** Ends the login from the page, as "I cannot be checked now" does. */
  giveUp(reason: 'declined' | 'reported' | 'unavailable'): Promise<Answer> {
    return this.call('POST', '/api/session/end', { reason });
  }

  /** Takes the signed result back to the tenant. @returns the page at which the bank then is */
  async giveBack(): Promise<Page> {
    const handle = this.page?.url.hash.slice(1) ?? '';
    const signed = await this.#agent.open(`${this.#platform.verified}/s/return/${handle}`, 'verified.localhost');
    return signed.status === 200 ? this.#agent.submit(signed) : signed;
  }

  /** Rules of Rekognition's control endpoint: one more, or none any more. */
  async #control(method: 'POST' | 'DELETE', rule?: object): Promise<void> {
    const body = rule === undefined ? {} : { body: JSON.stringify(rule) };
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${this.#controlUrl}/rules`, { method, headers, ...body });
    if (!response.ok) throw new Error(`the control endpoint answered ${await response.text()}`);
  }
}
