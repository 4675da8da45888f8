/** Tries of one call, the first included: a throttled or lost one is repeated. */
export const MAX_ATTEMPTS = 2;
/** Far longer than any of these services takes, comparing faces included (about a second). */
export const REQUEST_TIMEOUT_MS = 5000;
const CONNECTION_TIMEOUT_MS = 1000;

/**
 * Options of an AWS client whose calls end: by itself the SDK waits for an answer for ever (AWS SDK for JavaScript v3, NodeHttpHandler
 * options). Two such calls in sequence, each tried twice, end within the 25 seconds that a Lambda which judges may run; so a service
 * that hangs is met inside the function, which gives the guess back.
 * @param requestTimeoutMs until the answer begins, and of silence within it
 */
export const boundedCalls = (requestTimeoutMs = REQUEST_TIMEOUT_MS) => ({
  maxAttempts: MAX_ATTEMPTS,
  requestHandler: {
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: requestTimeoutMs,
    throwOnRequestTimeout: true,
    socketTimeout: requestTimeoutMs,
  },
});
