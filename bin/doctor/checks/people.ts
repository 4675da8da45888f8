import { isSignUpDeclared } from '../declared.ts';
import type { Pool } from '../facts.ts';
import { type Check, check, fault, ok, type Verdict } from './check.ts';

const SILENT = 'none: no noticeSender is set';
const OWN_ISSUER = 'an issuer of your own';

const MAIL: readonly Check[] = [
  check('mail-sender', 'SES has verified the sender', ['mail'], ({ mail }) => {
    if (mail === null) return ok(SILENT);
    if (mail.isVerified) return ok(mail.domain);
    return fault(
      `not verified: ${mail.domain}`,
      'SES refuses every notice, link and invitation.',
      'Verify the address or its domain in SES, in the region of the stage.',
    );
  }),
  check('mail-sandbox', 'SES sends to everyone', ['mail'], ({ mail }) => {
    if (mail === null) return ok(SILENT);
    if (!mail.isSending) {
      return fault(
        'sending is off',
        'SES has paused the account.',
        'Look at the account dashboard of SES, and answer AWS.',
      );
    }
    if (mail.isInProduction) return ok('out of the sandbox');
    return fault(
      'in the sandbox',
      'SES sends only to addresses that are verified there: users get no mail.',
      'Ask for production access in the SES console (docs/deploy.md, "E-mail and the sandbox of SES").',
    );
  }),
];

const ofPool = (pool: Pool | null, judge: (pool: Pool) => Verdict): Verdict =>
  pool === null ? ok(OWN_ISSUER) : judge(pool);

const SIGN_IN: readonly Check[] = [
  check('login-pages', 'Operators sign in on managed login, which has a style', ['pool'], ({ pool }) =>
    ofPool(pool, ({ managedLoginVersion, hasStyle }) => {
      if (managedLoginVersion === null) {
        return fault('no login domain', 'Nobody can sign in.', 'Deploy the web stack again.');
      }
      if (managedLoginVersion !== 2) {
        return fault(
          'the classic hosted UI',
          'It ignores prompt=login, so nobody can be asked to sign in again before secrets and deletions.',
          'aws cognito-idp update-user-pool-domain --managed-login-version 2 --domain PREFIX --user-pool-id POOL',
        );
      }
      if (hasStyle) return ok('managed login');
      return fault(
        'no style',
        'Cognito shows "Login pages unavailable".',
        'aws cognito-idp create-managed-login-branding --use-cognito-provided-values --user-pool-id POOL --client-id CLIENT',
      );
    }),
  ),
  check('operators', 'At least one operator is confirmed, with a verified e-mail address', ['pool'], ({ pool }) =>
    ofPool(pool, ({ hasOperator }) =>
      hasOperator
        ? ok('yes')
        : fault(
            'none',
            'Nobody can sign in to the portal.',
            'npm run operator -- --email OPERATOR --stage STAGE; then sign in once.',
          ),
    ),
  ),
  check('operator-mfa', 'Everyone in the pool needs a second factor', ['pool'], ({ pool }) =>
    ofPool(pool, ({ isMfaRequired }) =>
      isMfaRequired
        ? ok('required')
        : fault(
            'not required',
            'A password is enough to see users and to change secrets.',
            'Set "Require MFA" in the pool, or deploy the web stack after a change.',
          ),
    ),
  ),
  check('sign-up', 'Self sign-up is as the setting portalSignUp says', ['pool', 'deployed'], ({ pool, deployed }) =>
    ofPool(pool, ({ isSignUpOpen }) => {
      const value = isSignUpOpen ? 'open' : 'closed';
      if (isSignUpOpen === isSignUpDeclared(deployed)) return ok(value);
      return fault(
        `${value}, against the setting`,
        isSignUpOpen ? 'Anyone can create a user in the pool.' : 'Nobody can sign up, although the portal says so.',
        'Deploy the web stack and the service stack with the same settings.',
      );
    }),
  ),
];

export const PEOPLE: readonly Check[] = [...MAIL, ...SIGN_IN];
