/**
 * A signal that aborts after `ms`, or with `other`. Many phones lack `AbortSignal.timeout` and `AbortSignal.any`
 * (since Safari 16 and 17.4, Chrome 103 and 116).
 */
export const timeoutSignal = (ms: number, other?: AbortSignal): AbortSignal => {
  const controller = new AbortController();
  const end = (): void => controller.abort();
  if (other?.aborted === true) end();
  const timer = setTimeout(end, ms);
  other?.addEventListener('abort', () => {
    clearTimeout(timer);
    end();
  });
  return controller.signal;
};
