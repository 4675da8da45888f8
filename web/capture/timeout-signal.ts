/**
 * A signal that ends after `ms`, or with `other`. `AbortSignal.timeout` and `AbortSignal.any` are younger than many phones
 * (Safari 16 and 17.4, Chrome 103 and 116).
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
