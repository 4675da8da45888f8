import { z } from 'zod';
import { AwsError } from '../aws-wire/aws-error.ts';
import type { Operation } from '../aws-wire/aws-json-server.ts';
import { cosine } from './engine/embed-face.ts';
import type { FaceFact } from './engine/engine-jobs.ts';
import type { EnginePool } from './engine/engine-pool.ts';
import type { Point } from './engine/pixels.ts';
import { similarityOf } from './engine/similarity.ts';
import { CHALLENGE_VERSIONS } from './liveness/challenge.ts';
import type { LivenessSessions } from './liveness/liveness-sessions.ts';

const Image = z.object({ Bytes: z.string().optional(), S3Object: z.object({}).optional() });
const CompareFaces = z.object({
  SourceImage: Image,
  TargetImage: Image,
  SimilarityThreshold: z.number().min(0).max(100).default(80),
  QualityFilter: z.enum(['NONE', 'AUTO', 'LOW', 'MEDIUM', 'HIGH']).default('NONE'),
});
const DetectFaces = z.object({ Image, Attributes: z.array(z.string()).optional() });
const ChallengeName = z.enum(['FaceMovementAndLightChallenge', 'FaceMovementChallenge']);
const CreateSession = z.object({
  ClientRequestToken: z
    .string()
    .regex(/^[a-zA-Z0-9-_]{1,64}$/)
    .optional(),
  Settings: z
    .object({
      AuditImagesLimit: z.number().int().min(0).max(4).optional(),
      ChallengePreferences: z
        .array(z.object({ Type: ChallengeName }))
        .max(2)
        .optional(),
    })
    .optional(),
});
const GetResults = z.object({ SessionId: z.string() });

const MAX_TARGET_FACES = 100;

const parse = <T extends z.ZodType>(schema: T, input: unknown): z.infer<T> => {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new AwsError(
    'InvalidParameterException',
    `Request has invalid parameters: ${result.error.issues[0]?.path.join('.') ?? ''}`,
  );
};

const bytesOf = ({ Bytes, S3Object }: z.infer<typeof Image>): Buffer => {
  if (S3Object !== undefined)
    throw new AwsError(
      'InvalidS3ObjectException',
      'Unable to get object metadata from S3: only Bytes are supported here.',
    );
  if (Bytes === undefined || Bytes === '')
    throw new AwsError('InvalidParameterException', 'Request has invalid parameters');
  return Buffer.from(Bytes, 'base64');
};

const boxOf = ({ box }: FaceFact) => ({ Left: box.left, Top: box.top, Width: box.width, Height: box.height });

const meanPoint = (points: readonly Point[], indices: readonly number[]) => ({
  X: indices.reduce((sum, index) => sum + (points[index]?.x ?? 0), 0) / indices.length,
  Y: indices.reduce((sum, index) => sum + (points[index]?.y ?? 0), 0) / indices.length,
});

/** The five landmarks of Rekognition's default answer, from the 68-point model. */
const landmarksOf = ({ points }: FaceFact) => [
  { Type: 'eyeLeft', ...meanPoint(points, [36, 37, 38, 39, 40, 41]) },
  { Type: 'eyeRight', ...meanPoint(points, [42, 43, 44, 45, 46, 47]) },
  { Type: 'mouthLeft', ...meanPoint(points, [48]) },
  { Type: 'mouthRight', ...meanPoint(points, [54]) },
  { Type: 'nose', ...meanPoint(points, [30]) },
];

const degrees = (radians: number): number => (radians * 180) / Math.PI;

/** A rough pose from the landmarks: roll from the eyes' line, yaw and pitch from where the nose tip lies between them. */
const poseOf = (face: FaceFact) => {
  const [left, right, mouthLeft, mouthRight, nose] = landmarksOf(face);
  if (!left || !right || !mouthLeft || !mouthRight || !nose) return { Roll: 0, Yaw: 0, Pitch: 0 };
  const eyes = Math.hypot(right.X - left.X, right.Y - left.Y) || 1;
  const middleX = (left.X + right.X) / 2;
  const eyesY = (left.Y + right.Y) / 2;
  const height = (mouthLeft.Y + mouthRight.Y) / 2 - eyesY || 1;
  return {
    Roll: degrees(Math.atan2(right.Y - left.Y, right.X - left.X)),
    Yaw: degrees(Math.asin(Math.max(-1, Math.min(1, (nose.X - middleX) / eyes)))),
    Pitch: degrees(Math.asin(Math.max(-1, Math.min(1, 0.6 - (nose.Y - eyesY) / height)))),
  };
};

const faceOf = (face: FaceFact) => ({
  BoundingBox: boxOf(face),
  Confidence: face.score * 100,
  Landmarks: landmarksOf(face),
  Pose: poseOf(face),
  Quality: { Brightness: face.brightness, Sharpness: face.sharpness },
});

const withFaces = async (engine: EnginePool, image: z.infer<typeof Image>): Promise<FaceFact[]> => {
  const faces = await engine.analyseImage(bytesOf(image), true);
  // Rekognition answers so where it finds no face (API reference, CompareFaces).
  if (faces.length === 0) throw new AwsError('InvalidParameterException', 'Request has invalid parameters');
  return faces;
};

const compareFaces = async (engine: EnginePool, input: unknown): Promise<object> => {
  const { SourceImage, TargetImage, SimilarityThreshold } = parse(CompareFaces, input);
  const [sources, targets] = await Promise.all([withFaces(engine, SourceImage), withFaces(engine, TargetImage)]);
  const source = sources[0];
  const sourceEmbedding = source?.embedding;
  if (source === undefined || !sourceEmbedding) throw new AwsError('InternalServerError', 'Internal failure', 500);
  const scored = targets.slice(0, MAX_TARGET_FACES).map((face) => ({
    face,
    Similarity: face.embedding === null ? 0 : similarityOf(cosine(sourceEmbedding, face.embedding)),
  }));
  const matches = scored.filter(({ Similarity }) => Similarity >= SimilarityThreshold);
  return {
    SourceImageFace: { BoundingBox: boxOf(source), Confidence: source.score * 100 },
    FaceMatches: matches
      .sort((a, b) => b.Similarity - a.Similarity)
      .map(({ Similarity, face }) => ({ Similarity, Face: faceOf(face) })),
    UnmatchedFaces: scored.filter(({ Similarity }) => Similarity < SimilarityThreshold).map(({ face }) => faceOf(face)),
  };
};

const results = (sessions: LivenessSessions, input: unknown): object => {
  const session = sessions.find(parse(GetResults, input).SessionId);
  const { verdict } = session;
  return {
    SessionId: session.id,
    Status: session.status,
    ...(verdict === null
      ? {}
      : {
          Confidence: verdict.confidence,
          ...(verdict.reference === null
            ? {}
            : { ReferenceImage: { Bytes: Buffer.from(verdict.reference).toString('base64') } }),
          AuditImages: [],
          Challenge: { Type: session.challenge, Version: CHALLENGE_VERSIONS[session.challenge] },
          Feedback: verdict.feedback.map((Code) => ({ Code, Message: Code })),
        }),
  };
};

/** The control plane: what the SDK's `RekognitionClient` calls. */
export const rekognitionOperations = (engine: EnginePool, sessions: LivenessSessions): Record<string, Operation> => ({
  CompareFaces: (input) => compareFaces(engine, input),
  DetectFaces: async (input) => {
    const faces = await engine.analyseImage(bytesOf(parse(DetectFaces, input).Image), false);
    return { FaceDetails: faces.slice(0, MAX_TARGET_FACES).map(faceOf) };
  },
  CreateFaceLivenessSession: (input) => {
    const { ClientRequestToken, Settings } = parse(CreateSession, input);
    const challenge = Settings?.ChallengePreferences?.[0]?.Type ?? 'FaceMovementAndLightChallenge';
    return { SessionId: sessions.create(challenge, ClientRequestToken).id };
  },
  GetFaceLivenessSessionResults: (input) => results(sessions, input),
});
