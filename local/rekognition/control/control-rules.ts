import { z } from 'zod';
import { REKOGNITION_ERRORS } from '../errors.ts';
import { FEEDBACK_MESSAGES, type FeedbackCode } from '../liveness/feedback.ts';
import { STREAM_EXCEPTIONS } from '../liveness/stream-exceptions.ts';

const percent = z.number().min(0).max(100);
const ratio = z.number().gt(0).lt(1);
const everyRule = {
  /** How many calls it applies to. */
  times: z.number().int().min(1).max(1_000_000).default(1),
  /** Delay before the answer. */
  latencyMs: z.number().int().min(0).max(60_000).default(0),
};
const errorOf = <T extends string>(codes: readonly [T, ...T[]]) =>
  z.strictObject({ code: z.enum(codes), message: z.string().max(1000).optional() }).optional();
const error = errorOf(REKOGNITION_ERRORS);
const feedbackCodes = Object.keys(FEEDBACK_MESSAGES) as [FeedbackCode, ...FeedbackCode[]];

/** What the next calls of one operation are answered with; whatever is left out keeps its real value. */
export const ControlRule = z.discriminatedUnion('operation', [
  z.strictObject({
    operation: z.literal('CompareFaces'),
    ...everyRule,
    error,
    /** Percent, for every face of the target. */
    similarity: percent.optional(),
  }),
  z.strictObject({ operation: z.literal('DetectFaces'), ...everyRule, error }),
  z.strictObject({ operation: z.literal('CreateFaceLivenessSession'), ...everyRule, error }),
  z.strictObject({
    operation: z.literal('GetFaceLivenessSessionResults'),
    ...everyRule,
    error,
    /** SUCCEEDED works even for a session that never had a stream. */
    status: z.enum(['CREATED', 'IN_PROGRESS', 'SUCCEEDED', 'FAILED', 'EXPIRED']).optional(),
    confidence: percent.optional(),
    feedback: z.array(z.enum(feedbackCodes)).optional(),
    /** A JPEG in base64, or null for none. */
    referenceImage: z.base64().max(300_000).nullable().optional(),
  }),
  z.strictObject({
    operation: z.literal('StartFaceLivenessSession'),
    ...everyRule,
    /** Sent in the stream, in place of the challenge. */
    error: errorOf(STREAM_EXCEPTIONS),
    /** Ratios of the video's size. */
    oval: z
      .strictObject({ centerX: ratio, centerY: ratio, width: ratio.optional(), height: ratio.optional() })
      .optional(),
  }),
]);
export type ControlRule = z.infer<typeof ControlRule>;
type Of<Operation extends ControlRule['operation']> = Extract<ControlRule, { operation: Operation }>;

/** Rules in the order of their arrival; each applies to a number of calls and is then removed. */
export class ControlRules {
  #rules: ControlRule[] = [];

  add(rule: ControlRule): void {
    this.#rules.push({ ...rule });
  }

  /** The remaining rules, `times` counted down. */
  list(): readonly ControlRule[] {
    return this.#rules;
  }

  clear(): void {
    this.#rules = [];
  }

  /** The rule for this call; null for none. Counts as one call. */
  take<Operation extends ControlRule['operation']>(operation: Operation): Of<Operation> | null {
    const rule = this.#rules.find((each): each is Of<Operation> => each.operation === operation);
    if (rule === undefined) return null;
    rule.times -= 1;
    if (rule.times === 0) this.#rules = this.#rules.filter((each) => each !== rule);
    return rule;
  }
}
