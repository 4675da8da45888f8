/** Attempts of one call, including the first: a throttled or lost one is repeated. */
export const MAX_ATTEMPTS = 2;
/** Far longer than any of these services takes, including a comparison of faces (about a second). */
export const REQUEST_TIMEOUT_MS = 5000;
const CONNECTION_TIMEOUT_MS = 1000;

/**
 * Options of an AWS client whose calls end: by default the SDK waits for an answer forever (AWS SDK for JavaScript v3, NodeHttpHandler
 * options). Two such calls in sequence, each tried twice, end within the 25 seconds that a judging Lambda may run. So a call that hangs
 * fails within the function, which gives the guess back.
 * @param requestTimeoutMs the time until the answer begins, and the longest silence within it
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
