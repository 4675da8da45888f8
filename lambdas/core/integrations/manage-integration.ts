import { createHash, randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import {
  type IntegrationOptionsInput,
  IntegrationOptionsSchema,
} from '../../../contract/api/portal/integration-options.ts';
import { deriveSessionKeys, type SessionKeys } from '../../../contract/protocol/derive-keys.ts';
import {
  type ConsentVersion,
  firstConsent,
  isNewConsent,
  nextConsent,
  unrecordedConsent,
} from '../model/consent-version.ts';
import { type Edit, type Edits, editsAfter, type Members, mergeEdit, NO_EDITS, untilWritten } from '../model/edits.ts';
import { type Integration, type IntegrationOptions, type Integrations, optionsOf } from '../model/integration.ts';
import type { Clock } from '../model/ports.ts';
import { Problem } from '../model/problem.ts';

/** The result of a change. `version-used`: the consent's name belongs to another version. */
export type OptionChange = 'changed' | 'unknown' | 'changed-meanwhile' | 'version-used';

/**
 * Writes only the options that are given, together with the row's edits and new consent versions, all or nothing. It succeeds only if
 * the row's edits are still those that were read, and never overwrites a version: `changed-meanwhile` says that somebody was faster.
 */
export type ChangeOptions = (
  seen: Pick<Integration, 'integrationId' | 'accountId' | 'edits'>,
  change: {
    readonly options: Partial<IntegrationOptions>;
    readonly edits: Edits;
    readonly consents: readonly ConsentVersion[];
  },
) => Promise<OptionChange>;

export interface IntegrationAdministration extends Integrations {
  /** Writes the integration with its first consent version. Fails if the id exists. */
  create(integration: Integration, consent: ConsentVersion): Promise<void>;
  readonly changeOptions: ChangeOptions;
  /** The newest version on record; null for an integration created before a history was kept. */
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

/** `int_` and 100 random bits: unguessable, so that ids of different environments never collide. */
const newIntegrationId = (): string =>
  `int_${Array.from(randomBytes(20), (byte) => BASE32.charAt(byte & 31)).join('')}`;

/** First 12 hex characters of SHA-256 of the request key. */
export const fingerprintOf = (keys: SessionKeys): string =>
  createHash('sha256').update(keys.request).digest('hex').slice(0, 12);

/**
 * Creates an integration and its first secret. The Session Secret is in this answer and nowhere else: only the derived keys are stored,
 * encrypted.
 * @param by e-mail or id of the operator; null if there is none
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
    const now = ports.clock();
    const integration = {
      ...options,
      integrationId,
      accountId,
      keys: [{ generation: 1, wrapped, fingerprint: fingerprintOf(keys), endsAt: null, since: now }],
      createdAt: now,
      edits: NO_EDITS,
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

/** The versions to write: the new one, and the current one if no history was kept yet. */
const consentsOf = async (
  ports: ChangeIntegrationPorts,
  current: Integration,
  changed: Partial<IntegrationOptions>,
  by: string | null,
): Promise<readonly ConsentVersion[]> => {
  const { consent } = changed;
  if (consent === undefined || !isNewConsent(current.consent, consent)) return [];
  // What users agreed to is recorded by this name. They are asked again only if it changes (T75).
  if (consent.version === current.consent.version) throw badVersion('must be a new one where the text is');
  const newest = await ports.integrations.newestConsent(current);
  const before = newest ?? unrecordedConsent(current);
  const after = nextConsent(consent, before, ports.clock(), by);
  return newest === null ? [before, after] : [after];
};

/** The fields that make up a consent version. */
const CONSENT_FIELDS = ['consent.text', 'consent.version'] as const;

/** The options as they should be. @throws Problem `changed-meanwhile`, ZodError naming the option that is out of bounds */
const optionsAfter = (current: Integration, edit: Pick<Edit, 'change' | 'base'>): IntegrationOptions =>
  IntegrationOptionsSchema.parse(
    mergeEdit({ ...optionsOf(current) }, current.edits, { ...edit, pointer: '#/options' }, [CONSENT_FIELDS]),
  );

/** Reads, merges and writes once. */
const changeOnce = async (
  ports: ChangeIntegrationPorts,
  integrationId: string,
  edit: Pick<Edit, 'change' | 'base'>,
  by: string | null,
): Promise<OptionChange> => {
  const current = await ports.integrations.read(integrationId);
  if (current === null) return 'unknown';
  const [before, after] = [optionsOf(current), optionsAfter(current, edit)];
  const edits = editsAfter(current.edits, { ...before }, { ...after }, { by, at: ports.clock() });
  if (edits === null) return 'changed';
  // Only the changed options are written: whatever else somebody changed, above all a switch-off, stays.
  const options: Partial<IntegrationOptions> = Object.fromEntries(
    Object.entries(after).filter(
      ([name, value]) => !isDeepStrictEqual(value, before[name as keyof IntegrationOptions]),
    ),
  );
  const consents = await consentsOf(ports, current, options, by);
  return ports.integrations.changeOptions(current, { options, edits, consents });
};

/**
 * Changes some options; the rest stays, also inside a group. A changed consent becomes a new version, in addition to the earlier ones.
 * @param base the values of the changed options when the operator's form was loaded
 * @param by e-mail or id of the operator; null if there is none
 * @throws Problem `not-found`, `changed-meanwhile` naming the options that somebody else changed; ZodError naming the option that is
 *   out of bounds, or the consent's version if it is the name of another text
 */
export const changeIntegration =
  (ports: ChangeIntegrationPorts) =>
  async (
    integrationId: string,
    change: Partial<IntegrationOptionsInput>,
    { base = {}, by = null }: { readonly base?: Members; readonly by?: string | null } = {},
  ): Promise<void> =>
    untilWritten(async () => {
      const outcome = await changeOnce(ports, integrationId, { change, base }, by);
      if (outcome === 'unknown') throw new Problem('not-found', 'no such integration');
      if (outcome === 'version-used') throw badVersion('is the name of an earlier text');
      return outcome === 'changed';
    });
