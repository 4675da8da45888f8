/** An error as AWS names it on the wire. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
  }
}

/**
 * The error to answer with. An unexpected one is written to the terminal and discloses nothing to the client.
 * @param names what this part's protocol calls an error that has another name here, e.g. `SignatureDoesNotMatch`
 */
export const asAwsError = (error: unknown, part: string, names: Readonly<Record<string, string>> = {}): AwsError => {
  const isKnown = error instanceof AwsError;
  // A client that hung up is not a server failure, and nobody reads the answer.
  const hungUp = (error as NodeJS.ErrnoException | null)?.code === 'ECONNRESET';
  if (!isKnown && !hungUp) console.error(`local ${part} failed:`, error);
  const known = isKnown ? error : new AwsError('InternalServerError', 'Internal failure', 500);
  return new AwsError(names[known.code] ?? known.code, known.message, known.status);
};
