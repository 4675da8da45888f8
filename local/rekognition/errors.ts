import { AwsError } from '../aws-wire/aws-error.ts';

/** HTTP status by error of the control plane (Rekognition's model: client errors 400, its own 500, including ThrottlingException). */
const STATUS = {
  AccessDeniedException: 400,
  ImageTooLargeException: 400,
  InternalServerError: 500,
  InvalidImageFormatException: 400,
  InvalidParameterException: 400,
  InvalidS3ObjectException: 400,
  ProvisionedThroughputExceededException: 400,
  SessionNotFoundException: 400,
  ThrottlingException: 500,
} as const;

/** The errors that the four operations of the control plane can answer with. */
export type RekognitionErrorCode = keyof typeof STATUS;
export const REKOGNITION_ERRORS = Object.keys(STATUS) as [RekognitionErrorCode, ...RekognitionErrorCode[]];

/** Rekognition's usual text for each error, as seen from the service or as its developer guide states it. */
const MESSAGES: Readonly<Record<RekognitionErrorCode, string>> = {
  AccessDeniedException: 'You are not authorized to perform the action.',
  ImageTooLargeException: 'Image size is too large',
  InternalServerError: 'Amazon Rekognition experienced a service issue. Try your call again.',
  InvalidImageFormatException: 'Request has invalid image format',
  InvalidParameterException: 'Request has invalid parameters',
  InvalidS3ObjectException:
    'Unable to get object metadata from S3. Check object key, region and/or access permissions.',
  ProvisionedThroughputExceededException: 'Provisioned rate exceeded',
  SessionNotFoundException: 'Session not found',
  ThrottlingException: 'Rate exceeded',
};

/** An error as Rekognition answers with it. */
export const rekognitionError = (code: RekognitionErrorCode, message = MESSAGES[code]): AwsError =>
  new AwsError(code, message, STATUS[code]);
