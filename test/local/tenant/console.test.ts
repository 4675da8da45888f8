import { afterAll, beforeAll, expect, test } from 'vitest';
import { loopbackFetch, type Page } from '../../support/browserless-agent.ts';
import { ALICE, BOB, CLAIM, logIn, type TenantWorld, tenantWorld } from './tenant-world.ts';

const ATTACK = '<script>alert(1)</script>';
const NOISY = `
exports.onExecutePostLogin = async (event, api) => {
  console.log('saw ${ATTACK}');
  api.user.setAppMetadata('note', '${ATTACK}');
  api.idToken.setCustomClaim('${CLAIM}', 1).idToken.setCustomClaim('acr', 'mine');
  api.accessToken.setCustomClaim('${CLAIM}/taken-away', null);
  if (event.transaction.acr_values) api.access.deny('face_declined: ${ATTACK}');
};`;

let world: TenantWorld;
let shown: Page;
beforeAll(async () => {
  world = await tenantWorld([NOISY], { mfa: 'always' });
  await logIn(world.browser(), await world.begin({ acr_values: 'urn:x' }), BOB);
  await logIn(world.browser(), await world.begin());
  shown = await world.browser().open(new URL('console', world.issuer));
});
afterAll(() => world.close());

test('shows who logged in, by which protocol, what the Actions decided and which claims they set', () => {
  expect(shown.status).toBe(200);
  for (const text of [ALICE.email, 'The bank', 'oidc-basic-profile', 'passed', 'denied: face_declined', CLAIM]) {
    expect(shown.text).toContain(text);
  }
  expect(shown.text).not.toContain('taken-away');
});

test('shows what the Actions logged, dropped claims, the Action and the users with their app_metadata', () => {
  for (const text of [
    '[action-0] saw',
    'claim dropped, as Auth0 does: acr',
    '<td>action-0</td>',
    'auth0|',
    '&#34;note&#34;',
  ]) {
    expect(shown.text).toContain(text);
  }
});

test('shows the code that the second step waits for', () => {
  const entry = world.journal.entries.find(({ kind }) => kind === 'code');
  expect(shown.text).toContain(`<code>${entry?.kind === 'code' ? entry.code : 'none'}</code>`);
});

test('T64 everything is text, nothing can run, and no cache stores it', () => {
  expect(shown.text).not.toContain('<script>alert');
  expect(shown.text).toContain('&#60;script&#62;alert(1)');
  expect(shown.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(shown.headers.get('cache-control')).toBe('no-store');
});

test('has headings, named columns, and tables that scroll by keyboard', () => {
  expect(shown.text).toContain('<html lang="en">');
  expect(shown.text.match(/<h2 /g)).toHaveLength(5);
  expect(shown.text.match(/tabindex="0"/g)?.length).toBe(shown.text.match(/<table>/g)?.length);
  expect(shown.text).toContain('<th scope="col">Protocol</th>');
});

test('keeps no password and no hash', () => {
  expect(shown.text).not.toContain(ALICE.password);
  expect(shown.text).not.toMatch(/[0-9a-f]{40}/);
});

test('it is not shown under a foreign name that points at this machine', async () => {
  const { port } = new URL(world.issuer);
  const response = await loopbackFetch(`http://evil.localhost:${port}/console`);
  expect(response.status).toBe(404);
  expect(await response.text()).not.toContain(ALICE.email);
});
