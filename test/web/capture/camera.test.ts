import { describe, expect, test } from 'vitest';
import { Camera } from '../../../web/capture/camera.ts';
import { type CameraRight, cameraProblemOf } from '../../../web/capture/camera-problem.ts';

class FakeTrack {
  readyState: 'live' | 'ended' = 'live';
  readonly #deviceId: string;
  constructor(deviceId: string) {
    this.#deviceId = deviceId;
  }
  stop(): void {
    this.readyState = 'ended';
  }
  getSettings() {
    return { deviceId: this.#deviceId };
  }
}

const streamOf = (deviceId = 'front') => {
  const track = new FakeTrack(deviceId);
  return { track, getTracks: () => [track], getVideoTracks: () => [track] };
};
type FakeStream = ReturnType<typeof streamOf>;

/** A browser's media devices: `getUserMedia` is on the prototype, as in a browser. */
const browserWith = () => {
  const given: FakeStream[] = [];
  let answer = async (): Promise<FakeStream> => streamOf();
  class Devices {
    async getUserMedia(_constraints?: unknown): Promise<FakeStream> {
      const stream = await answer();
      given.push(stream);
      return stream;
    }
  }
  const devices = new Devices() as unknown as MediaDevices;
  const answerWith = (next: () => Promise<FakeStream>): void => {
    answer = next;
  };
  return { devices, given, answerWith, live: () => given.map(({ track }) => track.readyState === 'live') };
};

const component = (devices: MediaDevices, video: MediaTrackConstraints = {}) =>
  devices.getUserMedia({ video, audio: false }) as unknown as Promise<FakeStream>;
/** An answer that the test gives at a chosen time. */
const later = () => {
  let settle: (stream: FakeStream) => void = () => {};
  const promise = new Promise<FakeStream>((resolve) => {
    settle = resolve;
  });
  return { promise, settle: () => settle(streamOf()) };
};

describe('the camera', () => {
  test('that the page opened is what the component gets, so the user is asked once', async () => {
    const { devices, given } = browserWith();
    const camera = new Camera(devices);
    await camera.open();
    expect(await component(devices)).toBe(given[0]);
    expect(await component(devices, { deviceId: { exact: 'back' } })).toBe(given[1]);
    expect(given).toHaveLength(2);
  });

  test('of another device is opened, and the waiting one is stopped', async () => {
    const { devices, live } = browserWith();
    await new Camera(devices).open();
    await component(devices, { deviceId: { ideal: 'remembered' } });
    expect(live()).toEqual([false, true]);
  });

  test('ends with the step, whoever opened it, and none is opened after it', async () => {
    const { devices, given, live } = browserWith();
    const camera = new Camera(devices);
    await camera.open();
    await component(devices);
    await component(devices);
    camera.close();
    expect(live()).toEqual([false, false]);
    await expect(component(devices)).rejects.toMatchObject({ name: 'AbortError' });
    expect(given).toHaveLength(2);
  });

  test('that the browser opens after the step is stopped immediately: the page’s, and the component’s', async () => {
    const { devices, answerWith, live } = browserWith();
    const camera = new Camera(devices);
    const asked = later();
    answerWith(() => asked.promise);
    const opening = camera.open();
    camera.close();
    asked.settle();
    await expect(opening).rejects.toMatchObject({ name: 'AbortError' });
    answerWith(async () => streamOf());
    await camera.open();
    await component(devices);
    const again = later();
    answerWith(() => again.promise);
    const restarted = component(devices);
    camera.close();
    // A new step does not reuse it either.
    answerWith(async () => streamOf());
    await camera.open();
    again.settle();
    await expect(restarted).rejects.toMatchObject({ name: 'AbortError' });
    expect(live()).toEqual([false, false, true, false]);
  });

  test('is opened again by each step', async () => {
    const { devices, live } = browserWith();
    const camera = new Camera(devices);
    await camera.open();
    await camera.open();
    expect(live()).toEqual([false, true]);
    await expect(new Camera(undefined).open()).rejects.toMatchObject({ name: 'NotSupportedError' });
  });

  test('of a development page that sets it on the object itself is owned as well', async () => {
    const { devices, live } = browserWith();
    const real = devices.getUserMedia.bind(devices);
    devices.getUserMedia = (constraints) => real(constraints);
    const camera = new Camera(devices);
    await camera.open();
    await component(devices);
    camera.close();
    expect(live()).toEqual([false]);
    await expect(component(devices)).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('why there is no camera', () => {
  const RIGHT: CameraRight = { isForbiddenByPolicy: false, permission: 'denied' };

  test.each([
    ['NotAllowedError', 'Permission denied', RIGHT, 'denied'],
    ['NotAllowedError', 'The request is not allowed', { ...RIGHT, permission: null }, 'denied'],
    ['NotAllowedError', 'Permission dismissed', { ...RIGHT, permission: 'prompt' }, 'dismissed'],
    ['NotAllowedError', 'Permission denied by system', RIGHT, 'denied_by_system'],
    ['NotAllowedError', 'Permission denied', { ...RIGHT, permission: 'granted' }, 'denied_by_system'],
    ['NotAllowedError', 'Permission denied', { ...RIGHT, isForbiddenByPolicy: true }, 'denied_by_policy'],
    ['SecurityError', '', RIGHT, 'denied_by_policy'],
    ['NotFoundError', '', RIGHT, 'missing'],
    ['NotReadableError', '', RIGHT, 'busy'],
    ['OverconstrainedError', '', RIGHT, 'unsuitable'],
    ['AbortError', '', RIGHT, 'not_started'],
    ['NotSupportedError', '', RIGHT, 'not_supported'],
    ['ErrorOfTomorrow', '', RIGHT, 'other'],
  ] as const)('%s "%s" is reported as what it is', (name, message, right, problem) => {
    expect(cameraProblemOf(new DOMException(message, name), right)).toBe(problem);
  });

  test('another kind of error is reported as that', () => {
    expect(cameraProblemOf(new TypeError('x'), RIGHT)).toBe('not_supported');
    expect(cameraProblemOf('thrown text', RIGHT)).toBe('other');
  });
});
