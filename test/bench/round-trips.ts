import type { CaptureRouteName } from '../../contract/api/routes.ts';
import { Browser, claimsFor, openLogin, signToken } from '../support/login.ts';
import { createWorld, type World } from '../support/world.ts';

export interface RoundTrips {
  readonly endpoint: CaptureRouteName;
  readonly calls: number;
  /** The longest chain of calls that waited for each other. */
  readonly inSequence: number;
}

interface Span {
  readonly from: number;
  to: number;
}

type Ports = World['ports'];
/** Ports whose methods are one AWS call each; the key vault caches decrypted keys, so that it makes none when warm. */
const REMOTE = ['integrations', 'users', 'sessions', 'faces', 'references', 'jobs', 'streamCredentials'] as const;

/** Longest chain of spans in which none begins before the previous one ended. */
const longestChain = (spans: readonly Span[]): number => {
  let [length, end] = [0, Number.NEGATIVE_INFINITY];
  for (const span of [...spans].sort((a, b) => a.to - b.to)) {
    if (span.from < end) continue;
    length += 1;
    end = span.to;
  }
  return length;
};

const record = (ports: Ports, spans: Span[]): Partial<Ports> => {
  // A logical clock: calls that begin before another has ended overlap, however fast they are.
  let tick = 0;
  const spy = (port: object): object =>
    new Proxy(port, {
      get: (target, member) => {
        const value: unknown = Reflect.get(target, member, target);
        if (typeof value !== 'function' || member === 'newObjectKey') return value;
        return async (...values: unknown[]) => {
          const span: Span = { from: ++tick, to: Number.POSITIVE_INFINITY };
          spans.push(span);
          try {
            const answer: unknown = await value.apply(target, values);
            return member === 'prepare' ? spy(answer as object) : answer;
          } finally {
            span.to = ++tick;
          }
        };
      },
    });
  return Object.fromEntries(REMOTE.map((name) => [name, spy(ports[name])]));
};

/** Counts what each endpoint requests from AWS on its success path, warm. */
export const measureRoundTrips = async (): Promise<readonly RoundTrips[]> => {
  const world = await createWorld();
  const spans: Span[] = [];
  const rows: RoundTrips[] = [];
  try {
    const handlers = world.handlersWith(record(world.ports, spans));
    const integration = await world.newIntegration();
    const sub = world.newExternalId();
    // Warms up the key vault.
    await openLogin(world, integration, sub, { handlers });
    const measure = async (endpoint: CaptureRouteName, act: () => Promise<unknown>): Promise<void> => {
      spans.length = 0;
      await act();
      rows.push({ endpoint, calls: spans.length, inSequence: longestChain(spans) });
    };
    for (const task of ['enroll', 'verify'] as const) {
      const token = await signToken(claimsFor(world, integration, sub), world.keysOf(integration).request);
      const browser = new Browser(handlers);
      const isFirst = task === 'enroll';
      const open = () => browser.open(integration.integrationId, token);
      await (isFirst ? measure('openSession', open) : open());
      if (isFirst) await measure('readSession', () => browser.view());
      const start = async () => {
        const consent = (await browser.view()).consent;
        spans.length = 0;
        return JSON.parse((await browser.start(task, consent?.version)).body ?? '');
      };
      let livenessSessionId = '';
      await measure(isFirst ? 'startEnrollLiveness' : 'startVerifyLiveness', async () => {
        ({ livenessSessionId } = await start());
      });
      world.faces.play(livenessSessionId, {});
      await measure(isFirst ? 'completeEnroll' : 'completeVerify', () => browser.complete(task, 1));
      if (isFirst) await measure('returnToLogin', () => browser.giveBack());
    }
    return rows;
  } finally {
    await world.close();
  }
};
