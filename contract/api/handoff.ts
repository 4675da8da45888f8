import * as z from 'zod';
import { PublicOutcome } from './outcome.ts';
import { Seconds } from './seconds.ts';

/** In characters: the secret part of a link, after its last slash. */
export const HANDOFF_LINK_MAX_LENGTH = 160;

/** How the link to the other device travels: by e-mail to the account's verified address, or as a QR code on the page for a phone. */
export const HandoffTransport = z.enum(['email', 'qr']);
export type HandoffTransport = z.infer<typeof HandoffTransport>;

/** What both browsers learn about a face check that runs on another device. */
export const HandoffView = z.strictObject({
  transport: HandoffTransport,
  /** `offered`: the link is not opened yet. `opened`: the check can run there. `passed`: it passed, and the code has to be entered. */
  state: z.enum(['offered', 'opened', 'passed']),
  /** The link was opened from a different network than the login. */
  otherNetwork: z.boolean(),
  /** When the link (`offered`) or the code (`passed`) expires; null for `opened`. */
  endsAt: Seconds.nullable(),
  /** Which attempt passed; null before. */
  attempt: z.int().min(1).max(10).nullable(),
});
export type HandoffView = z.infer<typeof HandoffView>;

/** POST /api/session/handoff: creates a new link, which replaces an earlier one. */
export const OfferHandoffRequest = z.strictObject({ transport: HandoffTransport });

export const OfferHandoffResponse = z.strictObject({
  /** URL for the QR code; null for a link sent by e-mail. It is shown only as an image, never as text. */
  link: z.string().nullable(),
  endsAt: Seconds,
});
export type OfferHandoffResponse = z.infer<typeof OfferHandoffResponse>;

/** POST /s/device, the form of the page behind the link: whether the sign-in belongs to whoever opened it. */
export const HandoffForm = z.strictObject({
  link: z.string().max(HANDOFF_LINK_MAX_LENGTH),
  answer: z.enum(['continue', 'report']),
});

/** POST /api/session/code: the six digits that the other device shows after its check passed. */
export const ConfirmCodeRequest = z.strictObject({ code: z.string().regex(/^[0-9]{6}$/) });

export const ConfirmCodeResponse = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('again'), triesLeft: z.int().min(1).max(3) }),
  z.strictObject({ state: z.literal('finished'), outcome: PublicOutcome }),
]);
export type ConfirmCodeResponse = z.infer<typeof ConfirmCodeResponse>;
