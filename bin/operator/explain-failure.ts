import { Problem } from '../../lambdas/core/model/problem.ts';
import { explainAwsFailure, failureOf } from '../aws-failure.ts';
import { OperatorError, type OperatorRequest } from './add-operator.ts';

/** One sentence for the terminal: what failed, and what to do. */
export const explainFailure = (failure: unknown, { email, region }: OperatorRequest): string => {
  if (failure instanceof OperatorError) return failure.message;
  // The service's own error, if the adapter has wrapped it.
  const error = failure instanceof Problem ? failure.cause : failure;
  const { name, message } = failureOf(error);
  if (name.startsWith('AccessDenied')) return `These credentials may not do this: ${message}`;
  if (name === 'CodeDeliveryFailureException') {
    return `${email} is in the pool now, but Cognito could not send the e-mail (${message}). Run this again to send a new one.`;
  }
  if (name === 'LimitExceededException') {
    return `Cognito sends no more e-mails today (its own sender: 50 a day for the AWS account, invitations included): run this again tomorrow, or give the pool a sender of your own in SES.`;
  }
  if (name === 'TooManyRequestsException') return 'Cognito is receiving too many requests: run this again in a minute.';
  return explainAwsFailure(error, region) ?? `${name || 'Error'}: ${message}`;
};
