import * as z from 'zod';
import * as backend from '../api/backend.ts';
import * as externalId from '../api/external-id.ts';
import * as faceCheck from '../api/face-check.ts';
import * as handoff from '../api/handoff.ts';
import * as outcome from '../api/outcome.ts';
import * as account from '../api/portal/account.ts';
import * as apiKeys from '../api/portal/api-keys.ts';
import * as connection from '../api/portal/connection.ts';
import * as consents from '../api/portal/consents.ts';
import * as integrationOptions from '../api/portal/integration-options.ts';
import * as integrations from '../api/portal/integrations.ts';
import * as me from '../api/portal/me.ts';
import * as members from '../api/portal/members.ts';
import * as newcomer from '../api/portal/newcomer.ts';
import * as operator from '../api/portal/operator.ts';
import * as permissions from '../api/portal/permissions.ts';
import * as rotation from '../api/portal/rotation.ts';
import * as transactions from '../api/portal/transactions.ts';
import * as users from '../api/portal/users.ts';
import * as webhookEvents from '../api/portal/webhook-events.ts';
import * as webhooks from '../api/portal/webhooks.ts';
import * as problemDetails from '../api/problem-details.ts';
import * as accountDescriptions from '../api/routes/descriptions/portal-account.ts';
import * as integrationDescriptions from '../api/routes/descriptions/portal-integrations.ts';
import * as session from '../api/session.ts';
import { NARROWER_FORMS } from './documented-routes.ts';

/** Modules with the schemas of bodies, of answers and of their parts. */
const MODULES: readonly Readonly<Record<string, unknown>>[] = [
  backend,
  externalId,
  faceCheck,
  handoff,
  outcome,
  problemDetails,
  session,
  account,
  apiKeys,
  connection,
  consents,
  integrationOptions,
  integrations,
  me,
  members,
  newcomer,
  operator,
  permissions,
  rotation,
  transactions,
  users,
  webhookEvents,
  webhooks,
  accountDescriptions,
  integrationDescriptions,
];

/** The schemas of the contract by exported name; the OpenAPI document defines each once, under this name. */
export const componentSchemas = (): Readonly<Record<string, z.ZodType>> => {
  const schemas = new Map<string, z.ZodType>();
  const named = new Set<z.ZodType>();
  for (const [exported, schema] of MODULES.flatMap((each) => Object.entries(each))) {
    if (!(schema instanceof z.ZodType) || named.has(schema)) continue;
    const name = exported.replace(/Schema$/, '');
    if (schemas.has(name)) throw new Error(`two schemas are called ${name}`);
    schemas.set(name, NARROWER_FORMS.get(schema) ?? schema);
    named.add(schema);
  }
  return Object.fromEntries(schemas);
};

/** The components that are referenced, directly or through others. */
export const onlyReferenced = <Component>(
  document: object,
  components: Readonly<Record<string, Component>>,
): Record<string, Component> => {
  const wanted = new Set<string>();
  const follow = (part: unknown): void => {
    for (const [, name = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      if (wanted.has(name)) continue;
      wanted.add(name);
      follow(components[name]);
    }
  };
  follow(document);
  return Object.fromEntries(Object.entries(components).filter(([name]) => wanted.has(name)));
};

/** A schema used only in answers needs no suffix for that: `WebhookViewOutput` becomes `WebhookView`. */
export const withPlainNames = <Document extends { readonly components?: { readonly schemas?: object } }>(
  document: Document,
): Document => {
  const names = new Set(Object.keys(document.components?.schemas ?? {}));
  const plainOf = (name: string): string => {
    const plain = name.replace(/Output$/, '');
    return names.has(plain) ? name : plain;
  };
  const schemas = Object.entries(document.components?.schemas ?? {}).map(([name, schema]) => [plainOf(name), schema]);
  const renamed = { ...document, components: { ...document.components, schemas: Object.fromEntries(schemas) } };
  const referring = JSON.stringify(renamed).replaceAll(
    /"#\/components\/schemas\/(\w+)"/g,
    (_, name: string) => `"#/components/schemas/${plainOf(name)}"`,
  );
  return JSON.parse(referring) as Document;
};
