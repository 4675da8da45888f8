import * as z from 'zod';
import { PublicOutcome } from './outcome.ts';
import { Seconds } from './seconds.ts';

/** In characters: the secret part of a link, behind its last slash. */
export const HANDOFF_LINK_MAX_LENGTH = 160;

/** How the link to the other device travels: by e-mail to the account's verified address, or drawn on the page for a phone. */
export const HandoffTransport = z.enum(['email', 'qr']);
export type HandoffTransport = z.infer<typeof HandoffTransport>;

/** What both browsers are told of a face check that runs on another device. */
export const HandoffView = z.strictObject({
  transport: HandoffTransport,
  /** `offered`: the link waits to be opened. `opened`: the check can run there. `passed`: it did, and the code has to be entered. */
  state: z.enum(['offered', 'opened', 'passed']),
  /** The link was opened from another network than the login's. */
  otherNetwork: z.boolean(),
  /** When the link (`offered`) or the code (`passed`) ends; null for `opened`. */
  endsAt: Seconds.nullable(),
  /** Which try passed; null before. */
  attempt: z.int().min(1).max(10).nullable(),
});
export type HandoffView = z.infer<typeof HandoffView>;

/** POST /api/session/handoff: makes a new link; an earlier one then opens nothing any more. */
export const OfferHandoffRequest = z.strictObject({ transport: HandoffTransport });

export const OfferHandoffResponse = z.strictObject({
  /** Address to draw for the phone; null for a link that was sent. It is shown as a picture only, never as text. */
  link: z.string().nullable(),
  endsAt: Seconds,
});
export type OfferHandoffResponse = z.infer<typeof OfferHandoffResponse>;

/** POST /s/device, the form of the page behind the link: whether the sign-in is theirs who opened it. */
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
