import { Logger } from '@aws-lambda-powertools/logger';
import type { Log } from '../core/ports.ts';

/** Structured logs of one Lambda: a code and a support id a line. Events, bodies, tokens, faces and scores have no way in. */
export const createLog = (serviceName: string): Log => {
  const logger = new Logger({ serviceName });
  return (code, fields) => logger.info(code, { ...fields });
};
