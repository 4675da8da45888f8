import type { HttpAnswer } from '../../lambdas/http/endpoint.ts';
import { messagePage, questionPage, returnPage } from '../../lambdas/http/html-page.ts';
import { enrolledNotice, handoffMail, invitationMail, PAGES } from '../../lambdas/text/en.ts';

const SUPPORT_ID = 'ABCD-EFGH';
const FORM = { action: '/s/device', fields: { link: 'x'.repeat(120) } };
const QUESTION = {
  organisation: 'Harbour Bank',
  app: 'Harbour Bank',
  account: 'a•••@example.com',
  otherNetwork: false,
  supportId: SUPPORT_ID,
};
/** Realistic difficult names: long, without a break, from right to left. */
const HARD = {
  organisation: 'بنك الميناء الدولي للتجارة والاستثمار',
  app: 'Internationale Genossenschaftsbank für Landwirtschaft, Fischerei und Forsten — Kundenportal (Vorschau)',
  account: 'wolfeschlegelsteinhausenbergerdorff•••@very-long-subdomain.of-some.example.com',
};

type MessageName = {
  [Name in keyof typeof PAGES]: (typeof PAGES)[Name] extends { text: string } ? Name : never;
}[keyof typeof PAGES];
const isMessage = (name: string): name is MessageName => name in PAGES && name !== 'handoff' && name !== 'returning';

/** Every page that the functions themselves answer with, created on request. */
export const SERVICE_PAGES: Readonly<Record<string, () => HttpAnswer>> = {
  ...Object.fromEntries(
    Object.keys(PAGES)
      .filter(isMessage)
      .map((name) => [name, () => messagePage(400, PAGES[name], SUPPORT_ID)]),
  ),
  handoff: () => questionPage(QUESTION, FORM),
  'handoff, other network': () => questionPage({ ...QUESTION, otherNetwork: true }, FORM),
  'handoff, nothing known': () => questionPage({ ...QUESTION, app: null, account: null }, FORM),
  'handoff, hard names': () => questionPage({ ...QUESTION, ...HARD }, FORM),
  // Leads nowhere: a page that posts itself would leave the screenshot.
  returning: () => returnPage('about:blank', 'session_token', 'token', SUPPORT_ID),
};

const AT = 1_900_000_000;
const MAIL = { organisation: 'Harbour Bank', app: 'Harbour Bank', supportId: SUPPORT_ID };
const INVITATION = {
  accountName: 'Harbour Bank',
  link: 'https://verify.example.com/portal/invitation#token',
  expiresAt: AT,
};

/** Every e-mail that is sent, created on request. */
export const MAILS: Readonly<Record<string, () => { readonly subject: string; readonly text: string }>> = {
  'go on on another device': () =>
    handoffMail({ ...MAIL, link: `https://verify.example.com${FORM.action}/${FORM.fields.link}`, minutes: 10 }),
  'go on on another device, hard names': () =>
    handoffMail({
      ...MAIL,
      ...HARD,
      link: `https://verify.example.com${FORM.action}/${FORM.fields.link}`,
      minutes: 10,
    }),
  'face added': () => enrolledNotice({ ...MAIL, at: AT, supportUrl: 'https://help.example.com/face' }),
  'face added, no help page': () => enrolledNotice({ ...MAIL, at: AT, supportUrl: null }),
  'portal invitation': () =>
    invitationMail({ ...INVITATION, invitedBy: 'olivia@example.com', hasTemporaryPassword: true }),
  'portal invitation, by nobody known': () =>
    invitationMail({ ...INVITATION, invitedBy: null, hasTemporaryPassword: false }),
};
