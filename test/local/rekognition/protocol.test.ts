import {
  type BoundingBox,
  CompareFacesCommand,
  type CompareFacesCommandInput,
  CreateFaceLivenessSessionCommand,
  type CreateFaceLivenessSessionCommandInput,
  DetectFacesCommand,
  LandmarkType,
  RekognitionClient,
} from '@aws-sdk/client-rekognition';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CredentialStore } from '../../../local/aws-wire/credentials.ts';
import { readPolicy } from '../../../local/aws-wire/iam/policy.ts';
import type { RunningPart } from '../../../local/aws-wire/listen.ts';
import { type RunningRekognition, startRekognition } from '../../../local/rekognition/start-rekognition.ts';
import { startS3 } from '../../../local/s3/start-s3.ts';
import { groupPhoto, portrait } from '../../support/face-photos.ts';
import { clientOf, issueFor, newCredentials, temporaryFolder } from '../../support/local-aws.ts';
import { postRaw, type SigningOptions, signedHeaders } from '../../support/signed-request.ts';

let part: RunningRekognition;
let s3: RunningPart;
let credentials: CredentialStore;
let rekognition: RekognitionClient;
let face: Buffer;
let closeAll: () => Promise<void>;
let nowMs = Date.now();
beforeAll(async () => {
  const { folder, remove } = await temporaryFolder();
  credentials = newCredentials();
  s3 = await startS3({ port: 0, folder, credentials, buckets: ['photos'] });
  const options = { port: 0, credentials, region: 'us-east-1', s3Endpoint: s3.url, clockMs: () => nowMs };
  part = await startRekognition({ ...options, threads: 1 });
  rekognition = new RekognitionClient(clientOf(part.url));
  face = await portrait('A');
  closeAll = async () => {
    await part.close();
    await s3.close();
    await remove();
  };
});
afterAll(() => closeAll());

test('T79 there is no control endpoint unless asked for', () => {
  expect(part.controlUrl).toBeNull();
});

const plain = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: '#777' } });

const detect = (Bytes: Uint8Array, client = rekognition) => client.send(new DetectFacesCommand({ Image: { Bytes } }));

const sign = (body: string, target: string, change: Partial<SigningOptions> = {}) =>
  signedHeaders(body, { url: part.url, target, ...change });
const post = (body: string, headers: Record<string, string>) => postRaw(part.url, body, headers);
const DETECT = 'RekognitionService.DetectFaces';

describe('a raw signed request', () => {
  test('is answered as AWS JSON', async () => {
    const body = JSON.stringify({ Image: { Bytes: face.toString('base64') } });
    const answer = await post(body, sign(body, DETECT));
    expect(answer).toMatchObject({ status: 200, body: { FaceDetails: [{ Landmarks: expect.any(Array) }] } });
  });

  test('that is not JSON, or has another type than the member, cannot be read', async () => {
    for (const body of ['{', '[]', '{"Image":7}', '{"Image":{"Bytes":true}}']) {
      const answer = await post(body, sign(body, DETECT));
      expect(answer).toMatchObject({ status: 400, body: { __type: 'SerializationException' } });
    }
  });

  test('for an unknown operation is answered as such, signed or not', async () => {
    for (const target of ['RekognitionService.DetectLabels', 'RekognitionService.toString', 'Other.DetectFaces', '']) {
      const unknown = { status: 400, body: { __type: 'UnknownOperationException' } };
      expect(await post('{}', sign('{}', target))).toMatchObject(unknown);
      expect(await post('{}', { 'x-amz-target': target })).toMatchObject(unknown);
    }
  });

  test.each<[string, () => Record<string, string>, string, RegExp]>([
    ['without a signature', () => ({}), 'MissingAuthenticationTokenException', /^Missing Authentication Token$/],
    [
      'half signed',
      () => ({ authorization: 'AWS4-HMAC-SHA256 Credential=AKIA/x' }),
      'IncompleteSignatureException',
      /requires 'Signature' parameter\. .*'SignedHeaders'/,
    ],
    ['for another service', () => sign('{}', DETECT, { service: 'kms' }), 'InvalidSignatureException', /rekognition/],
    ['for another region', () => sign('{}', DETECT, { region: 'eu-west-1' }), 'InvalidSignatureException', /region/],
    ['for another body', () => sign('{"a":1}', DETECT), 'InvalidSignatureException', /does not match the signature/],
    [
      'long ago',
      () => sign('{}', DETECT, { date: '20200101T000000Z' }),
      'InvalidSignatureException',
      /^Signature expired: 20200101T000000Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)$/,
    ],
    [
      'in the future',
      () => sign('{}', DETECT, { date: '20990101T000000Z' }),
      'InvalidSignatureException',
      /^Signature not yet current: 20990101T000000Z is still later than .* \+ 5 min\.\)$/,
    ],
  ])('%s is refused with AWS’s own text', async (_, headers, type, text) => {
    const { status, body } = await post('{}', { 'x-amz-target': DETECT, ...headers() });
    expect({ status, type: body['__type'], code: body['Code'] }).toEqual({ status: 400, type, code: type });
    expect(body['Message']).toMatch(text);
  });
});

describe('credentials', () => {
  const as = (given: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) =>
    detect(face, new RekognitionClient(clientOf(part.url, given)));

  test('T37 unknown, expired and unauthorized ones have different errors', async () => {
    const stranger = { accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' };
    await expect(as(stranger)).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
    const actions = ['rekognition:DetectFaces'];
    const over = issueFor(credentials, actions, { expiresAtMs: nowMs });
    await expect(as(over)).rejects.toMatchObject({ name: 'ExpiredTokenException' });
    const Statement = [{ Effect: 'Deny', Action: 'rekognition:Detect*', Resource: '*' }];
    const denied = issueFor(credentials, actions, {
      roleArn: 'arn:aws:iam::000000000000:role/reader',
      name: 'me',
      sessionPolicy: readPolicy({ Statement }, 'identity'),
    });
    await expect(as(denied)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message:
        'User: arn:aws:sts::000000000000:assumed-role/reader/me is not authorized to perform: rekognition:DetectFaces with an explicit deny in a session policy',
    });
    await expect(as({ ...denied, sessionToken: 'other' })).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
  });

  test('a client whose clock is wrong corrects it by the answer, and is served', async () => {
    nowMs = Date.now() + 60 * 60 * 1000;
    const late = new RekognitionClient({ ...clientOf(part.url), maxAttempts: 2 });
    expect((await detect(face, late)).$metadata).toMatchObject({ httpStatusCode: 200, attempts: 2 });
    nowMs = Date.now();
  });
});

describe('images', () => {
  test('T62 are turned upright by their Exif orientation, PNGs are not', async () => {
    const upright = await detect(face);
    const turned = sharp(face).rotate(90);
    // Orientation 8: to be turned by 270 degrees, back to where it was.
    const jpeg = await turned.clone().withMetadata({ orientation: 8 }).jpeg().toBuffer();
    const box = (answer: typeof upright) => answer.FaceDetails?.[0]?.BoundingBox;
    expect(box(await detect(jpeg))?.Left).toBeCloseTo(box(upright)?.Left ?? 0, 1);
    expect(upright).not.toHaveProperty('OrientationCorrection');
    const png = await turned.clone().withMetadata({ orientation: 8 }).png().toBuffer();
    expect((await detect(png)).FaceDetails?.[0]?.Pose?.Roll ?? 90).not.toBeCloseTo(
      upright.FaceDetails?.[0]?.Pose?.Roll ?? 0,
      0,
    );
  });

  test.each<[string, () => Promise<Uint8Array>, string]>([
    ['a GIF', () => plain(200, 200).gif().toBuffer(), 'InvalidImageFormatException'],
    ['a WebP', () => plain(200, 200).webp().toBuffer(), 'InvalidImageFormatException'],
    ['an SVG', async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'InvalidImageFormatException'],
    ['79 pixels of height', () => plain(200, 79).png().toBuffer(), 'InvalidParameterException'],
    ['79 pixels of width', () => plain(79, 200).jpeg().toBuffer(), 'InvalidParameterException'],
    ['a small file of 64 megapixels', () => plain(8000, 8000).png().toBuffer(), 'ImageTooLargeException'],
    ['nothing', async () => new Uint8Array(), 'InvalidParameterException'],
  ])('T61 %s is refused', async (_, image, name) => {
    await expect(detect(await image())).rejects.toMatchObject({ name });
  });

  test('of 80 by 80 pixels without a face yield no faces', async () => {
    expect((await detect(await plain(80, 80).png().toBuffer())).FaceDetails).toEqual([]);
  });

  test('T61 5 MB are accepted, one byte more is too large', async () => {
    const padded = (bytes: number) => Buffer.concat([face, Buffer.alloc(bytes - face.length)]);
    expect((await detect(padded(5 * 1024 * 1024))).FaceDetails).toHaveLength(1);
    await expect(detect(padded(5 * 1024 * 1024 + 1))).rejects.toMatchObject({ name: 'ImageTooLargeException' });
  });

  test('a face below 40 pixels is not detected', async () => {
    const placed = async (side: number, width: number, height: number) => {
      const small = await sharp(face).resize(side).toBuffer();
      const image = plain(width, height).composite([{ input: small, left: 10, top: 10 }]);
      return (await detect(await image.jpeg({ quality: 95 }).toBuffer())).FaceDetails?.length;
    };
    const ratio = (await detect(face)).FaceDetails?.[0]?.BoundingBox?.Width ?? 0;
    expect(await placed(Math.round(46 / ratio), 320, 240)).toBe(1);
    expect(await placed(Math.round(28 / ratio), 320, 240)).toBe(0);
  });
});

describe('images in S3', () => {
  const put = (Key: string, Body: Buffer) =>
    new S3Client({ ...clientOf(s3.url), forcePathStyle: true }).send(
      new PutObjectCommand({ Bucket: 'photos', Key, Body }),
    );
  const detectStored = (Name: string, client = rekognition, Bucket = 'photos') =>
    client.send(new DetectFacesCommand({ Image: { S3Object: { Bucket, Name } } }));
  const refused = { name: 'InvalidS3ObjectException', message: /^Unable to get object metadata from S3\./ };

  test('are read with the caller’s permissions', async () => {
    await put('people/a 1.jpg', face);
    expect((await detectStored('people/a 1.jpg')).FaceDetails).toHaveLength(1);
    const grant = (...roleActions: string[]) =>
      new RekognitionClient(clientOf(part.url, issueFor(credentials, roleActions)));
    const reader = grant('rekognition:DetectFaces', 's3:GetObject');
    expect((await detectStored('people/a 1.jpg', reader)).FaceDetails).toHaveLength(1);
    await expect(detectStored('people/a 1.jpg', grant('rekognition:DetectFaces'))).rejects.toMatchObject({
      name: refused.name,
    });
  });

  test('that do not exist are an S3 error, and T61 those above 15 MB are too large', async () => {
    await expect(detectStored('nobody.jpg')).rejects.toMatchObject({
      name: refused.name,
      message: expect.stringMatching(refused.message),
    });
    await expect(detectStored('a.jpg', rekognition, 'elsewhere')).rejects.toMatchObject({ name: refused.name });
    await put('large.jpg', Buffer.concat([face, Buffer.alloc(15 * 1024 * 1024 + 1 - face.length)]));
    await expect(detectStored('large.jpg')).rejects.toMatchObject({ name: 'ImageTooLargeException' });
    await put('five.jpg', Buffer.concat([face, Buffer.alloc(6 * 1024 * 1024)]));
    expect((await detectStored('five.jpg')).FaceDetails).toHaveLength(1);
  });

  test('exclude bytes: an image has exactly one source', async () => {
    const both = { Bytes: face, S3Object: { Bucket: 'photos', Name: 'people/a 1.jpg' } };
    for (const Image of [both, {}]) {
      const call = rekognition.send(new DetectFacesCommand({ Image }));
      await expect(call).rejects.toMatchObject({ name: 'InvalidParameterException' });
    }
  });
});

describe('CompareFaces', () => {
  const compare = (input: Partial<CompareFacesCommandInput>) =>
    rekognition.send(new CompareFacesCommand({ SourceImage: { Bytes: face }, TargetImage: { Bytes: face }, ...input }));

  test('compares the largest face of the source', async () => {
    const group = await groupPhoto();
    const { FaceDetails = [] } = await detect(group);
    const { SourceImageFace, FaceMatches = [] } = await compare({
      SourceImage: { Bytes: group },
      TargetImage: { Bytes: group },
      SimilarityThreshold: 0,
    });
    const area = (box: BoundingBox | undefined) => (box?.Width ?? 0) * (box?.Height ?? 0);
    const areas = FaceDetails.map(({ BoundingBox }) => area(BoundingBox));
    expect(areas).toEqual([...areas].sort((a, b) => b - a));
    expect(area(SourceImageFace?.BoundingBox)).toBeCloseTo(areas[0] ?? 0, 6);
    expect(FaceMatches[0]?.Face?.BoundingBox).toEqual(SourceImageFace?.BoundingBox);
  });

  test('has a threshold of 80 unless another is given, from 0 to 100', async () => {
    const stranger = { TargetImage: { Bytes: await portrait('B') } };
    const { FaceMatches, UnmatchedFaces } = await compare(stranger);
    expect([FaceMatches, UnmatchedFaces?.length]).toEqual([[], 1]);
    expect((await compare({ ...stranger, SimilarityThreshold: 0 })).FaceMatches).toHaveLength(1);
    expect((await compare({ SimilarityThreshold: 100 })).FaceMatches?.length).toBeLessThanOrEqual(1);
    for (const SimilarityThreshold of [-0.1, 100.1]) {
      const bound = SimilarityThreshold > 100 ? 'less than or equal to 100' : 'greater than or equal to 0';
      await expect(compare({ SimilarityThreshold })).rejects.toMatchObject({
        name: 'InvalidParameterException',
        message: `1 validation error detected: Value '${SimilarityThreshold}' at 'similarityThreshold' failed to satisfy constraint: Member must have value ${bound}`,
      });
    }
  });

  test('filters faces by their quality, more of them the stricter the filter, and accepts known filters only', async () => {
    const blurred = { Bytes: await sharp(face).blur(9).jpeg().toBuffer() };
    const facesWith = async (QualityFilter: 'NONE' | 'LOW' | 'HIGH' | 'AUTO') =>
      (await compare({ TargetImage: blurred, QualityFilter, SimilarityThreshold: 0 })).FaceMatches?.length;
    expect(await facesWith('NONE')).toBe(1);
    expect(await facesWith('HIGH')).toBe(0);
    const unknown = compare({ QualityFilter: 'BEST' as 'HIGH' });
    await expect(unknown).rejects.toMatchObject({ message: expect.stringMatching(/enum value set: \[NONE, AUTO/) });
    const source = compare({ SourceImage: blurred, QualityFilter: 'HIGH' });
    await expect(source).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});

describe('DetectFaces', () => {
  test('gives five landmarks by default and all of Rekognition’s with ALL, in and around the face', async () => {
    const typesWith = async (Attributes: ('ALL' | 'DEFAULT')[]) =>
      (await rekognition.send(new DetectFacesCommand({ Image: { Bytes: face }, Attributes }))).FaceDetails?.[0];
    const few = (await typesWith(['DEFAULT']))?.Landmarks?.map(({ Type }) => Type);
    expect(few).toEqual(['eyeLeft', 'eyeRight', 'mouthLeft', 'mouthRight', 'nose']);
    const all = await typesWith(['ALL', 'DEFAULT']);
    const points = new Map(all?.Landmarks?.map(({ Type, X = 0, Y = 0 }) => [Type, { X, Y }]));
    expect([...points.keys()].sort()).toEqual(Object.values(LandmarkType).sort());
    const at = (type: LandmarkType) => points.get(type) ?? { X: 0, Y: 0 };
    expect(at('leftPupil').X).toBeLessThan(at('rightPupil').X);
    expect(at('leftEyeBrowUp').Y).toBeLessThan(at('leftEyeUp').Y);
    expect(at('leftEyeUp').Y).toBeLessThan(at('leftEyeDown').Y);
    expect(at('mouthDown').Y).toBeLessThan(at('chinBottom').Y);
    expect(at('upperJawlineLeft').X).toBeLessThan(at('noseLeft').X);
  });

  test('recognizes a tilted, a turned, a darker and a blurred face as such', async () => {
    const first = async (image: Sharp) => (await detect(await image.png().toBuffer())).FaceDetails?.[0];
    const upright = await first(sharp(face));
    const tilted = await first(sharp(face).rotate(15, { background: '#777' }));
    expect((tilted?.Pose?.Roll ?? 0) - (upright?.Pose?.Roll ?? 0)).toBeGreaterThan(9);
    const mirrored = await first(sharp(face).flop());
    expect(Math.abs((mirrored?.Pose?.Yaw ?? 90) + (upright?.Pose?.Yaw ?? 90))).toBeLessThan(10);
    const dark = await first(sharp(face).linear(0.5, 0));
    expect(dark?.Quality?.Brightness).toBeLessThan((upright?.Quality?.Brightness ?? 0) * 0.7);
    const blurred = await first(sharp(face).blur(4));
    expect(blurred?.Quality?.Sharpness).toBeLessThan(upright?.Quality?.Sharpness ?? 0);
  });
});

describe('CreateFaceLivenessSession', () => {
  const create = async (input: CreateFaceLivenessSessionCommandInput) =>
    (await rekognition.send(new CreateFaceLivenessSessionCommand(input))).SessionId;
  const Type = 'FaceMovementChallenge';

  test.each<[string, CreateFaceLivenessSessionCommandInput]>([
    ['a token of 65 characters', { ClientRequestToken: 'x'.repeat(65) }],
    ['a token with a space', { ClientRequestToken: 'a b' }],
    ['an empty token', { ClientRequestToken: '' }],
    ['an invalid key', { KmsKeyId: ' ' }],
    ['minus one audit image', { Settings: { AuditImagesLimit: -1 } }],
    ['five audit images', { Settings: { AuditImagesLimit: 5 } }],
    ['another challenge', { Settings: { ChallengePreferences: [{ Type: 'Dance' as 'FaceMovementChallenge' }] } }],
    ['three preferences', { Settings: { ChallengePreferences: [{ Type }, { Type }, { Type }] } }],
    ['an invalid version', { Settings: { ChallengePreferences: [{ Type, Versions: { Minimum: '1.0' } }] } }],
    [
      'a version that does not exist',
      { Settings: { ChallengePreferences: [{ Type, Versions: { Minimum: '3.0.0' } }] } },
    ],
    [
      'bounds in the wrong order',
      { Settings: { ChallengePreferences: [{ Type, Versions: { Minimum: '1.0.0', Maximum: '0.9.0' } }] } },
    ],
    ['a bucket of two letters', { Settings: { OutputConfig: { S3Bucket: 'ab' } } }],
    ['a prefix with a space', { Settings: { OutputConfig: { S3Bucket: 'photos', S3KeyPrefix: 'a b' } } }],
  ])('%s is refused', async (_, input) => {
    await expect(create(input)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  test('the same token gives the same session, and is refused with other settings', async () => {
    const input = { ClientRequestToken: 'token-1', KmsKeyId: 'alias/faces', Settings: { AuditImagesLimit: 4 } };
    const id = await create(input);
    expect(await create(input)).toBe(id);
    await expect(create({ ...input, Settings: {} })).rejects.toMatchObject({ name: 'InvalidParameterException' });
    expect(await create({ ...input, ClientRequestToken: 'token-2' })).not.toBe(id);
  });
});
