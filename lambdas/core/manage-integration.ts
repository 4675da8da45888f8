import { createHash, randomBytes } from 'node:crypto';
import {
  type IntegrationOptionsInput,
  IntegrationOptionsSchema,
} from '../../contract/api/portal/integration-options.ts';
import { deriveSessionKeys, type SessionKeys } from '../../contract/protocol/derive-keys.ts';
import type { Integration, IntegrationOptions } from './integration.ts';
import type { Clock, Integrations } from './ports.ts';
import { Problem } from './problem.ts';

export interface IntegrationAdministration extends Integrations {
  /** Fails if the id exists. */
  create(integration: Integration): Promise<void>;
  /** Only what is given changes. False if there is no such integration. */
  changeOptions(integrationId: string, options: Partial<IntegrationOptions>): Promise<boolean>;
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
 * @throws ZodError naming the option that is out of bounds
 */
export const createIntegration =
  (ports: ManageIntegrationPorts) => async (accountId: string, input: IntegrationOptionsInput) => {
    const options = IntegrationOptionsSchema.parse(input);
    const integrationId = newIntegrationId();
    const sessionSecret = randomBytes(32).toString('base64url');
    const keys = deriveSessionKeys(sessionSecret, integrationId);
    const wrapped = await ports.keySealer.seal(integrationId, 1, keys);
    await ports.integrations.create({
      ...options,
      integrationId,
      accountId,
      keys: [{ generation: 1, wrapped, fingerprint: fingerprintOf(keys), endsAt: null }],
      createdAt: ports.clock(),
    });
    return { integrationId, sessionSecret };
  };

/**
 * Changes some options; the rest stays.
 * @throws Problem `not-found`; ZodError naming the option that is out of bounds
 */
export const changeIntegration =
  (ports: { readonly integrations: Pick<IntegrationAdministration, 'read' | 'changeOptions'> }) =>
  async (integrationId: string, change: Partial<IntegrationOptionsInput>): Promise<void> => {
    const current = await ports.integrations.read(integrationId);
    if (current === null) throw new Problem('not-found', 'no such integration');
    const { integrationId: _id, accountId: _account, keys: _keys, createdAt: _created, ...options } = current;
    const checked = Object.entries(IntegrationOptionsSchema.parse({ ...options, ...change }));
    // Written alone: what somebody else changed since it was read, above all a switch-off, must not come back.
    const changed: Partial<IntegrationOptions> = Object.fromEntries(
      checked.filter(([name]) => Object.hasOwn(change, name)),
    );
    if (Object.keys(changed).length === 0) return;
    if (!(await ports.integrations.changeOptions(integrationId, changed)))
      throw new Problem('not-found', 'no such integration');
  };
