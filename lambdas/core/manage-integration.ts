import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import {
  type IntegrationOptionsInput,
  IntegrationOptionsSchema,
} from '../../contract/api/portal/integration-options.ts';
import { deriveSessionKeys, type SessionKeys } from '../../contract/protocol/derive-keys.ts';
import { type ConsentVersion, firstConsent, isNewConsent, nextConsent, unrecordedConsent } from './consent-version.ts';
import type { Integration, IntegrationOptions } from './integration.ts';
import type { Clock, Integrations } from './ports.ts';
import { Problem } from './problem.ts';

/** What became of a change: `version-used`: the consent's name belongs to another wording. */
export type OptionChange = 'changed' | 'unknown' | 'changed-meanwhile' | 'version-used';

/**
 * Only the options that are given change, together with the wordings of the consent that are new, all or nothing. A consent is
 * written only over the one that was read, and no wording over another: `changed-meanwhile` says that somebody was faster.
 */
export type ChangeOptions = (
  integration: Pick<Integration, 'integrationId' | 'accountId' | 'consent'>,
  options: Partial<IntegrationOptions>,
  consents: readonly ConsentVersion[],
) => Promise<OptionChange>;

export interface IntegrationAdministration extends Integrations {
  /** Writes the integration with the first wording of its consent. Fails if the id exists. */
  create(integration: Integration, consent: ConsentVersion): Promise<void>;
  readonly changeOptions: ChangeOptions;
  /** The newest wording that is on record; null for an integration of a time without history. */
  newestConsent(integration: Pick<Integration, 'integrationId' | 'accountId'>): Promise<ConsentVersion | null>;
}

export interface KeySealer {
  /** Encrypts derived keys with KMS, bound to integration and generation; base64. */
  seal(integrationId: string, generation: number, keys: SessionKeys): Promise<string>;
}

export interface ManageIntegrationPorts {
  readonly integrations: IntegrationAdministration;
  readonly keySealer: KeySealer;
  readonly clock: Clock;
}

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** `int_` and 100 random bits: unguessable, so that ids of different environments never meet. */
const newIntegrationId = (): string =>
  `int_${Array.from(randomBytes(20), (byte) => BASE32.charAt(byte & 31)).join('')}`;

/** First 12 hex characters of SHA-256 of the request key. */
export const fingerprintOf = (keys: SessionKeys): string =>
  createHash('sha256').update(keys.request).digest('hex').slice(0, 12);

/**
 * Makes an integration and its first secret. The Session Secret is in this answer and nowhere else: what is stored are the
 * derived keys, encrypted.
 * @param by e-mail or id of the operator; null where there is none
 * @throws ZodError naming the option that is out of bounds
 */
export const createIntegration =
  (ports: ManageIntegrationPorts) =>
  async (accountId: string, input: IntegrationOptionsInput, by: string | null = null) => {
    const options = IntegrationOptionsSchema.parse(input);
    const integrationId = newIntegrationId();
    const sessionSecret = randomBytes(32).toString('base64url');
    const keys = deriveSessionKeys(sessionSecret, integrationId);
    const wrapped = await ports.keySealer.seal(integrationId, 1, keys);
    const integration = {
      ...options,
      integrationId,
      accountId,
      keys: [{ generation: 1, wrapped, fingerprint: fingerprintOf(keys), endsAt: null }],
      createdAt: ports.clock(),
    };
    await ports.integrations.create(integration, firstConsent(integration, by));
    return { integrationId, sessionSecret };
  };

const badVersion = (message: string): z.ZodError =>
  new z.ZodError([{ code: 'custom', path: ['consent', 'version'], message, input: undefined }]);

export interface ChangeIntegrationPorts {
  readonly integrations: Pick<IntegrationAdministration, 'read' | 'changeOptions' | 'newestConsent'>;
  readonly clock: Clock;
}

/** The wordings to write: the new one, and the one that stands where no history was kept yet. */
const consentsOf = async (
  ports: ChangeIntegrationPorts,
  current: Integration,
  changed: Partial<IntegrationOptions>,
  by: string | null,
): Promise<readonly ConsentVersion[]> => {
  const { consent } = changed;
  if (consent === undefined || !isNewConsent(current.consent, consent)) return [];
  // What people agreed to is recorded by this name; they are asked again only where it is another (T75).
  if (consent.version === current.consent.version) throw badVersion('must be a new one where the text is');
  const newest = await ports.integrations.newestConsent(current);
  const before = newest ?? unrecordedConsent(current);
  const after = nextConsent(consent, before, ports.clock(), by);
  return newest === null ? [before, after] : [after];
};

/**
 * Changes some options; the rest stays. A changed consent becomes a version of its own, beside the earlier ones.
 * @param by e-mail or id of the operator; null where there is none
 * @throws Problem `not-found`, `changed-meanwhile`; ZodError naming the option that is out of bounds, or the consent's version
 *   where it is the name of another text
 */
export const changeIntegration =
  (ports: ChangeIntegrationPorts) =>
  async (integrationId: string, change: Partial<IntegrationOptionsInput>, by: string | null = null): Promise<void> => {
    const current = await ports.integrations.read(integrationId);
    if (current === null) throw new Problem('not-found', 'no such integration');
    const { integrationId: _id, accountId: _account, keys: _keys, createdAt: _created, ...options } = current;
    const checked = Object.entries(IntegrationOptionsSchema.parse({ ...options, ...change }));
    // Written alone: what somebody else changed since it was read, above all a switch-off, must not come back.
    const changed: Partial<IntegrationOptions> = Object.fromEntries(
      checked.filter(([name]) => Object.hasOwn(change, name)),
    );
    if (Object.keys(changed).length === 0) return;
    const consents = await consentsOf(ports, current, changed, by);
    const outcome = await ports.integrations.changeOptions(current, changed, consents);
    if (outcome === 'unknown') throw new Problem('not-found', 'no such integration');
    if (outcome === 'version-used') throw badVersion('is the name of an earlier text');
    if (outcome === 'changed-meanwhile') throw new Problem('changed-meanwhile', 'another consent was faster');
  };
