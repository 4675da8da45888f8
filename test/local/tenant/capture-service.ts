import { createHmac } from 'node:crypto';
import type { Page } from '../../support/browserless-agent.ts';
import { HOST, SECRET } from './tenant-world.ts';

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signs a token by hand, so that a test can get every part of it wrong. */
export const signToken = (claims: object, header: object = { alg: 'HS256', typ: 'JWT' }, secret = SECRET): string => {
  const signed = `${encode(header)}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
};

/** The token that an Action passed along with the browser, read without verification. */
export const readSessionToken = ({ url }: Page): Readonly<Record<string, unknown>> => {
  const [, payload = ''] = (url.searchParams.get('session_token') ?? '').split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Record<string, unknown>;
};

/** Claims of an answer that a capture page would sign. */
export const goodAnswer = (capture: Page): Record<string, unknown> => {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: HOST,
    sub: readSessionToken(capture)['sub'],
    iat: now,
    exp: now + 60,
    state: capture.url.searchParams.get('state'),
  };
};
