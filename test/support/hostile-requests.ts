import fc from 'fast-check';
import { MAX_BODY_BYTES } from '../../contract/api/body-limits.ts';
import type { Route } from '../../contract/api/routes.ts';
import { DOCUMENTED_ROUTES } from '../../contract/tools/documented-routes.ts';
import {
  anyJson,
  anyParameter,
  HOSTILE_PATH_PARTS,
  type Hostile,
  hostileJson,
  hostileParameter,
} from './hostile-values.ts';
import { type InputSchema, inputSchemaOf, type Place, placesOf, validInput, withAt } from './route-inputs.ts';
import type { WireRequest } from './wire-event.ts';

/** One request with one thing wrong in it, and the only acceptable status; null: any below 500. */
export interface HostileRequest {
  readonly what: string;
  readonly request: WireRequest;
  readonly status: 400 | 404 | 413 | null;
}

type Known = Readonly<Record<string, unknown>>;
type Parameters = Readonly<Record<string, string>>;

const JSON_TYPE = { 'content-type': 'application/json' };
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };
/** Placeholder for the hostile value until the bytes are assembled. */
const MARK = '\u2603';

const splice = (text: string, mark: string, bytes: Buffer): Buffer => {
  const [before = '', after = ''] = text.split(mark);
  return Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)]);
};

const encoded = (parameters: Parameters): Buffer => Buffer.from(new URLSearchParams(parameters).toString());

const encodedWith = (parameters: Parameters, name: string, { bytes }: Hostile): Buffer => {
  const { [name]: _, ...others } = parameters;
  const rest = encoded(others);
  return Buffer.concat([Buffer.from(`${name}=`), bytes, Buffer.from(rest.length === 0 ? '' : '&'), rest]);
};

/** The inputs of a route by its description, each as its schema and a value that the schema accepts. */
const inputsOf = (route: Route, known: Known) => {
  const documented = DOCUMENTED_ROUTES.find(({ name }) => name === route.name);
  const { parameters, body, form } = documented ?? { parameters: {} };
  const input = (schema: typeof body) => {
    if (schema === undefined) return null;
    const json = inputSchemaOf(schema);
    const value = validInput(json, known);
    // The tests below prove nothing if the request is refused for another reason.
    if (!schema.safeParse(value).success) throw new Error(`${route.name}: ${JSON.stringify(value)} is not valid`);
    return { json, value };
  };
  return { path: input(parameters.path), query: input(parameters.query), body: input(body), form: input(form) };
};
type Inputs = ReturnType<typeof inputsOf>;

/** The request with nothing wrong in it. */
const validRequest = ({ path, query, body, form }: Inputs): WireRequest => ({
  ...(path === null ? {} : { path: path.value as Parameters }),
  ...(query === null ? {} : { query: encoded(query.value as Parameters) }),
  ...(body === null ? {} : { body: Buffer.from(JSON.stringify(body.value)), headers: JSON_TYPE }),
  ...(form === null ? {} : { body: encoded(form.value as Parameters), headers: FORM_TYPE }),
});

const bodyWith = (json: InputSchema, value: unknown, place: Place, hostile: Hostile, known: Known): Buffer =>
  splice(JSON.stringify(withAt(value, place.path, MARK, json, known)), `"${MARK}"`, hostile.bytes);

const maxBodyBytesOf = (route: Route): number => ('maxBodyBytes' in route ? route.maxBodyBytes : MAX_BODY_BYTES);

/** The whole body: not JSON, not declared as UTF-8, too large, or with more than the schema names. */
const wrongBodies = (route: Route, { value }: { readonly value: unknown }): readonly HostileRequest[] => {
  const text = JSON.stringify(value);
  const open = text.slice(0, -1) + (text === '{}' ? '' : ',');
  const with400 = (what: string, body: Buffer | string, headers = JSON_TYPE): HostileRequest => ({
    what,
    request: { body: Buffer.from(body), headers },
    status: 400,
  });
  const charset = (name: string) => ({ 'content-type': `application/json; charset=${name}` });
  return [
    ...['', '{', 'null', '[]', '"x"', '7', `${text}x`, `\ufeff${text}`].map((each) => with400('no such object', each)),
    with400('UTF-16', Buffer.from(text, 'utf16le'), charset('utf-16')),
    with400('UTF-16 by its word', text, charset('utf-16')),
    with400('Latin-1 by its word', text, charset('"iso-8859-1"')),
    with400('no JSON by its word', text, { 'content-type': 'text/plain' }),
    with400('an unknown member', `${open}"unknown":1}`),
    with400('a prototype', `${open}"__proto__":{"role":"owner"}}`),
    with400('half a surrogate pair as a name', `${open}"\\ud800":1}`),
    with400('nothing but depth', `${'['.repeat(4000)}${']'.repeat(4000)}`),
    {
      what: 'too large',
      request: {
        body: Buffer.from(`${open}"a":"${'x'.repeat(maxBodyBytesOf(route))}"}`),
        headers: JSON_TYPE,
      },
      status: 413,
    },
  ];
};

const atParameters = (part: 'query' | 'form', { json, value }: NonNullable<Inputs['query']>) => {
  const wrap = (bytes: Buffer): WireRequest =>
    part === 'query' ? { query: bytes } : { body: bytes, headers: FORM_TYPE };
  const places = placesOf(json).map(({ path, schema, isRequired }) => ({ name: String(path[0]), schema, isRequired }));
  const at = (name: string, hostile: Hostile): HostileRequest => ({
    what: `${part} ${name}: ${hostile.kind} ${hostile.bytes.subarray(0, 80)}`,
    request: wrap(encodedWith(value as Parameters, name, hostile)),
    status: hostile.isNever ? 400 : null,
  });
  const missing = places
    .filter(({ isRequired }) => isRequired)
    .map(({ name }): HostileRequest => {
      const { [name]: _, ...others } = value as Parameters;
      return { what: `${part} ${name}: missing`, request: wrap(encoded(others)), status: 400 };
    });
  return {
    listed: [
      ...missing,
      ...places.flatMap(({ name, schema }) => hostileParameter(name, schema).map((each) => at(name, each))),
    ],
    random: places.map(({ name }) => anyParameter.map((each) => at(name, each))),
  };
};

const atBody = ({ json, value }: NonNullable<Inputs['body']>, known: Known) => {
  const at = (place: Place, hostile: Hostile): HostileRequest => ({
    what: `body ${place.path.join('/')}: ${hostile.kind} ${hostile.bytes.subarray(0, 80)}`,
    request: { body: bodyWith(json, value, place, hostile, known), headers: JSON_TYPE },
    status: hostile.isNever ? 400 : null,
  });
  const places = placesOf(json);
  const missing = places
    // The value of a member when a form was loaded is compared, not validated: an empty list is one that has changed since.
    .filter(({ isRequired, path }) => isRequired && path[0] !== 'base')
    .map(
      (place): HostileRequest => ({
        what: `body ${place.path.join('/')}: missing`,
        request: {
          body: Buffer.from(JSON.stringify(withAt(value, place.path, undefined, json, known))),
          headers: JSON_TYPE,
        },
        status: 400,
      }),
    );
  return {
    listed: [...missing, ...places.flatMap((place) => hostileJson(place.schema).map((each) => at(place, each)))],
    random: places.map((place) => anyJson.map((each) => at(place, each))),
  };
};

const atPath = (names: readonly string[], value: Parameters): readonly HostileRequest[] =>
  names.flatMap((name) =>
    HOSTILE_PATH_PARTS.map((part) => ({
      what: `path ${name}: ${part.slice(0, 80)}`,
      request: { path: { ...value, [name]: part } },
      status: null,
    })),
  );

/** Requests of a route with one thing wrong in each: as a list, and as an endless generator. */
export const hostileRequests = (route: Route, known: Known) => {
  const inputs = inputsOf(route, known);
  const { path, query, body, form } = inputs;
  const parts = [
    ...(query === null ? [] : [atParameters('query', query)]),
    ...(form === null ? [] : [atParameters('form', form)]),
    ...(body === null ? [] : [atBody(body, known)]),
  ];
  const listed = [
    ...(path === null ? [] : atPath(Object.keys(path.json.properties ?? {}), path.value as Parameters)),
    ...(body === null ? [] : wrongBodies(route, body)),
    ...parts.flatMap((part) => part.listed),
  ];
  const valid = validRequest(inputs);
  const complete = (each: HostileRequest): HostileRequest => ({ ...each, request: { ...valid, ...each.request } });
  const random = parts.flatMap((part) => part.random);
  return {
    listed: listed.map(complete),
    random: random.length === 0 ? null : fc.oneof(...random).map(complete),
    places: random.length,
  };
};
