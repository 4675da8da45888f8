import { setTimeout as sleep } from 'node:timers/promises';
import { AwsError } from '../../aws-wire/aws-error.ts';
import type { Operation } from '../../aws-wire/aws-json-server.ts';
import { rekognitionError } from '../errors.ts';
import type { AdmittedStream } from '../liveness/admit-stream.ts';
import { defaultChallenge } from '../liveness/choose-challenge.ts';
import { FEEDBACK_MESSAGES } from '../liveness/feedback.ts';
import type { LivenessSessions } from '../liveness/liveness-sessions.ts';
import type { ControlRule, ControlRules } from './control-rules.ts';

type Answer = Readonly<Record<string, unknown>>;
type ResultsRule = Extract<ControlRule, { operation: 'GetFaceLivenessSessionResults' }>;

const WHOLE = { Width: 1, Height: 1, Left: 0, Top: 0 };

const forcedResults = (answer: Answer, rule: ResultsRule, sessions: LivenessSessions): Answer => {
  const SessionId = String(answer['SessionId']);
  const Status = rule.status ?? answer['Status'];
  if (Status !== 'SUCCEEDED') return { SessionId, Status };
  const { type, version } = defaultChallenge(sessions.find(SessionId).settings.preferences);
  const results: Answer = {
    Confidence: 99.9,
    AuditImages: [],
    Challenge: { Type: type, Version: version },
    Feedback: [],
    ...answer,
    Status,
    ...(rule.confidence === undefined ? {} : { Confidence: rule.confidence }),
    ...(rule.feedback === undefined
      ? {}
      : { Feedback: rule.feedback.map((Code) => ({ Code, Message: FEEDBACK_MESSAGES[Code] })) }),
  };
  if (rule.referenceImage === undefined) return results;
  const { ReferenceImage: _, ...without } = results;
  return rule.referenceImage === null
    ? without
    : { ...without, ReferenceImage: { Bytes: rule.referenceImage, BoundingBox: WHOLE } };
};

/** Both lists as one, with another similarity: a match if it reaches the caller's threshold. */
const forcedMatches = (answer: Answer, Similarity: number, input: Readonly<Record<string, unknown>>): Answer => {
  const matches = (answer['FaceMatches'] ?? []) as { readonly Face: object }[];
  const faces = [...matches.map(({ Face }) => Face), ...((answer['UnmatchedFaces'] ?? []) as object[])];
  const isMatch = Similarity >= Number(input['SimilarityThreshold'] ?? 80);
  return {
    ...answer,
    FaceMatches: isMatch ? faces.map((Face) => ({ Similarity, Face })) : [],
    UnmatchedFaces: isMatch ? [] : faces,
  };
};

/** The operations, each answering as the next rule for it specifies. */
export const withRules = (
  operations: Readonly<Record<string, Operation>>,
  rules: ControlRules,
  sessions: LivenessSessions,
): Record<string, Operation> => {
  const controlled = ([name, operation]: [string, Operation]): [string, Operation] => [
    name,
    async (input, caller) => {
      const rule = rules.take(name as ControlRule['operation']);
      if (rule === null || rule.operation === 'StartFaceLivenessSession') return operation(input, caller);
      await sleep(rule.latencyMs);
      if (rule.error !== undefined) throw rekognitionError(rule.error.code, rule.error.message);
      const answer = (await operation(input, caller)) as Answer;
      if (rule.operation === 'GetFaceLivenessSessionResults') return forcedResults(answer, rule, sessions);
      if (rule.operation === 'CompareFaces' && rule.similarity !== undefined)
        return forcedMatches(answer, rule.similarity, input);
      return answer;
    },
  ];
  return Object.fromEntries(Object.entries(operations).map(controlled));
};

export interface ControlledStream {
  readonly stream: AdmittedStream;
  readonly latencyMs: number;
  /** To be sent in place of the challenge; null for none. */
  readonly error: AwsError | null;
}

/** The next stream, as the next rule for it specifies. */
export const controlStream = (stream: AdmittedStream, rules: ControlRules | null): ControlledStream => {
  const rule = rules?.take('StartFaceLivenessSession') ?? null;
  if (rule === null) return { stream, latencyMs: 0, error: null };
  const { challenge, videoWidth, videoHeight } = stream;
  const { error, latencyMs, oval } = rule;
  const forced =
    oval === undefined
      ? challenge.oval
      : {
          CenterX: oval.centerX * videoWidth,
          CenterY: oval.centerY * videoHeight,
          Width: oval.width === undefined ? challenge.oval.Width : oval.width * videoWidth,
          Height: oval.height === undefined ? challenge.oval.Height : oval.height * videoHeight,
        };
  return {
    stream: { ...stream, challenge: { ...challenge, oval: forced } },
    latencyMs,
    error: error === undefined ? null : new AwsError(error.code, error.message ?? 'As the control endpoint asks'),
  };
};
