import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Platform, SEED_USERS, startPlatform } from '../../local/platform/start-platform.ts';
import { webhooks } from '../../web/portal/text/en/webhooks.ts';
import { type Receiver, startReceiver } from '../lambdas/webhooks/receiver.ts';
import { findingsOf } from '../support/accessibility.ts';
import { launchChromium } from '../support/chromium.ts';
import { temporaryFolder } from '../support/local-aws.ts';

const [, , OPERATOR] = SEED_USERS;
const JOURNEY_MS = 180_000;

let platform: Platform;
let browser: Browser;
let receiver: Receiver;
let page: Page;
let remove: () => Promise<void>;
beforeAll(async () => {
  const { folder, remove: removeFolder } = await temporaryFolder();
  remove = removeFolder;
  receiver = await startReceiver();
  platform = await startPlatform({ firstPort: 0, folder });
  browser = await launchChromium();
  page = await (
    await browser.newContext({ reducedMotion: 'reduce', viewport: { width: 1280, height: 900 } })
  ).newPage();
  await page.goto(platform.portal);
  await page.fill('#email', OPERATOR.email);
  await page.fill('#password', OPERATOR.password);
  await page.click('main button');
  await page.getByRole('link', { name: 'API keys' }).waitFor();
}, JOURNEY_MS);
afterAll(async () => {
  await browser?.close();
  await platform?.close();
  await receiver?.close();
  await remove();
});

const expectAccessible = async (): Promise<void> => expect(await findingsOf(page)).toEqual([]);

/** The secret that the dialog shows once; closing it requires "I have stored it". */
const readShownOnce = async (form: RegExp): Promise<string> => {
  const dialog = page.getByRole('dialog').filter({ hasText: 'I have stored it' });
  await dialog.waitFor();
  await expectAccessible();
  expect(await dialog.getByRole('button', { name: 'Done' }).isDisabled()).toBe(true);
  const shown = form.exec((await dialog.textContent()) ?? '')?.[0] ?? '';
  await dialog.getByLabel('I have stored it').check();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await dialog.waitFor({ state: 'hidden' });
  expect(await page.content()).not.toContain(shown);
  return shown;
};

test(
  'an owner creates an API key, a backend uses it, and revoking ends it',
  async () => {
    await page.getByRole('link', { name: 'API keys' }).click();
    await page.getByText('No API key yet').waitFor();
    await expectAccessible();
    await page.getByRole('button', { name: 'New API key' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Customer service');
    await page.getByLabel('See whether a user is enrolled or locked').check();
    await expectAccessible();
    await page.getByRole('button', { name: 'Create the key' }).click();
    const apiKey = await readShownOnce(/vfd_live_[0-9A-Za-z]{65}/);
    const ask = async () => {
      const path = `/api/v1/integrations/${platform.integrationId}/user?externalId=auth0%7Cnobody`;
      const { port } = new URL(platform.verified);
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization: `Bearer ${apiKey}` } });
      return [answer.status, ((await answer.json()) as { state?: string }).state];
    };
    expect(await ask()).toEqual([200, 'not_enrolled']);
    await page.getByRole('button', { name: 'Revoke Customer service' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByText('No API key yet').waitFor();
    expect(await ask()).toEqual([401, undefined]);
  },
  JOURNEY_MS,
);

test(
  'an owner adds a webhook, tests it, and reads the result',
  async () => {
    await page.getByRole('link', { name: 'Webhooks' }).click();
    await page.getByText('No webhook yet').waitFor();
    await page.getByRole('button', { name: 'New webhook' }).click();
    await page.getByLabel('Address', { exact: true }).fill('https://10.0.0.1/');
    await page.getByRole('button', { name: 'Add the webhook' }).click();
    await page.getByText('must hold a host name, no IP address').first().waitFor();
    await expectAccessible();
    let url = `http://localhost:${receiver.port}/verified`;
    await page.getByLabel('Address', { exact: true }).fill(url);
    await page.getByRole('button', { name: 'Add the webhook' }).click();
    expect(await readShownOnce(/whsec_[A-Za-z0-9+/]{43}=/)).not.toBe('');
    const choose = async (name: string) => {
      await page.getByRole('button', { name: `Actions for ${url}` }).click();
      await page.getByRole('menuitem', { name }).click();
    };
    await choose('Change address and events');
    await page.getByLabel('Address', { exact: true }).fill('https://192.168.0.1/');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('must hold a host name, no IP address').first().waitFor();
    url = `${url}/changed`;
    await page.getByLabel('Address', { exact: true }).fill(url);
    await page.getByLabel('An API key was created').uncheck();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('The webhook has been changed.').waitFor();
    await choose('Send a test event');
    await page.getByText('A test event will be sent within a minute').waitFor();
    // Earlier events may be delivered too: the webhook listed them until it was changed.
    const tests = () => receiver.received.filter(({ body }) => body.includes('"webhook.test"'));
    await expect.poll(() => tests().length, { timeout: 60_000 }).toBe(1);
    expect(tests()[0]?.headers['webhook-signature']).toMatch(/^v1,/);
    await choose('Show the last deliveries');
    await page.getByRole('button', { name: 'Reload' }).click();
    await page.getByRole('dialog').getByText('Delivered (204)').first().waitFor();
    await expectAccessible();
    await page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).first().click();
  },
  JOURNEY_MS,
);

test(
  'a webhook that receives an event under its former name shows that, and is switched',
  async () => {
    const [former, current] = ['user.enrolment_required', 'user.enrollment_required'];
    // As a page of release 0.1 requests it.
    await page.route('**/api/portal/webhooks', (route) => {
      const body = route.request().postData();
      return route.continue(body === null ? {} : { postData: body.replace(current, former) });
    });
    await page.getByRole('button', { name: 'New webhook' }).click();
    const url = `http://localhost:${receiver.port}/former`;
    await page.getByLabel('Address', { exact: true }).fill(url);
    expect(await page.getByRole('dialog').getByText(former).count()).toBe(0);
    await page.getByRole('button', { name: 'Add the webhook' }).click();
    await readShownOnce(/whsec_[A-Za-z0-9+/]{43}=/);
    await page.unroute('**/api/portal/webhooks');
    const row = page.getByRole('row').filter({ hasText: url });
    await row.getByText(former).waitFor();
    await page.getByRole('button', { name: `Actions for ${url}` }).click();
    await page.getByRole('menuitem', { name: 'Change address and events' }).click();
    await page.getByText(webhooks.form.former(former)).waitFor();
    await expectAccessible();
    await page.getByRole('button', { name: `Send it as ${current}` }).click();
    await page.getByText(webhooks.form.former(former)).waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Save changes' }).click();
    await row.getByText(current).waitFor();
    expect(await row.getByText(former).count()).toBe(0);
  },
  JOURNEY_MS,
);
