import { escapeHtml, page } from '../pages/pages.ts';

/** What went wrong with a code, by the name of oidc-provider's error. */
const PROBLEMS: Readonly<Record<string, string>> = {
  NoCodeError: 'Enter the code that the device shows.',
  NotFoundError: 'No device is waiting with this code. Check it and try again.',
  ExpiredError: 'This code has expired. Start again on the device.',
  AlreadyUsedError: 'This code was already used. Start again on the device.',
  AbortedError: 'The device was not connected. Start again on the device.',
};

const problem = (text: string): string => `<p class="bad" role="alert">${escapeHtml(text)}</p>`;

/**
 * Asks for the code that a device shows.
 * @param form oidc-provider's own form, whose field has no label
 * @param error name of oidc-provider's error, or null the first time
 * @param reason why the login was denied, as reported to the device
 */
export const deviceCodePage = (form: string, error: string | null, reason: string | null): string => {
  const [, action = '/activate'] = /action="([^"]*)"/.exec(form) ?? [];
  const [, secret = ''] = /name="xsrf" value="([^"]*)"/.exec(form) ?? [];
  const text =
    error === null ? '' : (PROBLEMS[error] ?? 'The device could not be connected. Start again on the device.');
  return page(
    'Connect a device',
    `${text === '' ? '' : problem(text)}${reason === null ? '' : `<p>Reason: ${escapeHtml(reason)}</p>`}` +
      `<form method="post" action="${action}"><input type="hidden" name="xsrf" value="${secret}">` +
      '<label for="user_code">Code on the device</label>' +
      '<input id="user_code" name="user_code" autocomplete="off" autocapitalize="characters" spellcheck="false" required autofocus>' +
      '<button>Continue</button></form>',
  );
};

/** Asks whether the device shows this very code (RFC 8628 section 5.4, remote phishing). */
export const deviceConfirmPage = (form: string, app: string, code: string): string =>
  page(
    `Connect ${app}`,
    `<p>Continue only if the device in front of you shows</p><p><code>${escapeHtml(code)}</code></p>` +
      form.replace('</form>', '<button>It shows this code</button></form>') +
      form
        .replace(/name="confirm" value="yes"/, 'name="abort" value="yes"')
        .replace('</form>', '<button>Cancel</button></form>'),
  );
