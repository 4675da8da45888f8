/**
 * True if the browser has what the check needs: camera, recorder, stream, and what the liveness component is written with. One
 * that lacks some would show an empty page, or a face that is never found.
 */
export const canRunCheck = (): boolean =>
  typeof navigator.mediaDevices?.getUserMedia === 'function' &&
  ['MediaRecorder', 'WebSocket', 'ReadableStream', 'TransformStream', 'WebAssembly', 'BigInt'].every(
    (name) => name in window,
  ) &&
  window.crypto?.subtle !== undefined;

/** Safari before 14 knows `addListener` alone; the component asks for the other. */
export const mendMatchMedia = (): void => {
  const prototype = window.MediaQueryList?.prototype;
  if (prototype === undefined || typeof prototype.addEventListener === 'function') return;
  Object.assign(prototype, {
    addEventListener(this: MediaQueryList, _type: string, listener: (event: MediaQueryListEvent) => void) {
      this.addListener(listener);
    },
    removeEventListener(this: MediaQueryList, _type: string, listener: (event: MediaQueryListEvent) => void) {
      this.removeListener(listener);
    },
  });
};
