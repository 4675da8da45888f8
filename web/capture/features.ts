/**
 * True if the browser has what the check needs: camera, recorder, stream, and the language features of the liveness component.
 * Without them it would show an empty page, or never find a face.
 */
export const canRunCheck = (): boolean =>
  typeof navigator.mediaDevices?.getUserMedia === 'function' &&
  ['MediaRecorder', 'WebSocket', 'ReadableStream', 'TransformStream', 'WebAssembly', 'BigInt'].every(
    (name) => name in window,
  ) &&
  window.crypto?.subtle !== undefined;

/** Safari before 14 has only `addListener`; the component uses `addEventListener`. */
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
