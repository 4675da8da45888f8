/** The exceptions that a stream can end with (API reference, LivenessResponseStream). */
export const STREAM_EXCEPTIONS = [
  'ValidationException',
  'InternalServerException',
  'ThrottlingException',
  'ServiceQuotaExceededException',
  'ServiceUnavailableException',
] as const;
export type StreamException = (typeof STREAM_EXCEPTIONS)[number];
