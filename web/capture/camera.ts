/** The liveness component's own constraints (`STATIC_VIDEO_CONSTRAINTS` of @aws-amplify/ui-react-liveness), so that it can use this stream. */
const WANTED: MediaStreamConstraints = {
  video: {
    width: { min: 320, ideal: 640 },
    height: { min: 240, ideal: 480 },
    frameRate: { min: 15, ideal: 30, max: 60 },
    facingMode: 'user',
  },
  audio: false,
};

const stop = (stream: MediaStream): void => {
  for (const track of stream.getTracks()) track.stop();
};

const isOver = (): DOMException => new DOMException('the camera step is over', 'AbortError');

/** The object with `getUserMedia` as an own property: the prototype, since browsers lose properties set on `navigator.mediaDevices`. */
const holderOf = (devices: MediaDevices): MediaDevices | null => {
  let holder: MediaDevices | null = devices;
  while (holder !== null && !Object.hasOwn(holder, 'getUserMedia')) holder = Object.getPrototypeOf(holder);
  return holder;
};

/** The camera that a call requests by id; null: any. */
const deviceOf = ({ video }: MediaStreamConstraints): string | null => {
  const wanted = typeof video === 'object' ? video.deviceId : undefined;
  if (wanted === undefined || typeof wanted === 'string') return wanted ?? null;
  if (Array.isArray(wanted)) return String(wanted[0]);
  return String(wanted.exact ?? wanted.ideal ?? '') || null;
};

/**
 * Owns every camera stream of the page. The liveness component reopens a camera when it is stopped and leaves it on
 * (aws-amplify/amplify-ui#6895). So every stream opened during the camera step is recorded, all are stopped
 * when the step ends, and none is opened after it.
 */
export class Camera {
  readonly #devices: MediaDevices | undefined;
  readonly #streams = new Set<MediaStream>();
  /** The current step; null: none, and no camera is opened. */
  #step: symbol | null = null;
  /** Opened by the page for the component. */
  #ready: MediaStream | null = null;
  #isGuarded = false;

  constructor(devices: MediaDevices | undefined) {
    this.#devices = devices;
  }

  /**
   * Begins the step: asks the user for the camera. The component gets this stream when it requests one.
   * @throws DOMException of `getUserMedia`, or `AbortError` if the step has ended
   */
  async open(): Promise<void> {
    this.close();
    if (this.#devices === undefined) throw new DOMException('no media devices', 'NotSupportedError');
    this.#guard(this.#devices);
    this.#step = Symbol('step');
    this.#ready = await this.#devices.getUserMedia(WANTED);
  }

  /** Ends the step and every track. */
  close(): void {
    this.#step = null;
    this.#ready = null;
    for (const stream of this.#streams) stop(stream);
    this.#streams.clear();
  }

  #guard(devices: MediaDevices): void {
    if (this.#isGuarded) return;
    this.#isGuarded = true;
    const holder = holderOf(devices);
    if (holder === null) return;
    const real = holder.getUserMedia;
    holder.getUserMedia = (constraints = {}) => this.#get(constraints, () => real.call(devices, constraints));
  }

  async #get(constraints: MediaStreamConstraints, ask: () => Promise<MediaStream>): Promise<MediaStream> {
    const step = this.#step;
    if (step === null) throw isOver();
    const ready = this.#take(deviceOf(constraints));
    if (ready !== null) return ready;
    const stream = await ask();
    if (this.#step !== step) {
      stop(stream);
      throw isOver();
    }
    this.#streams.add(stream);
    return stream;
  }

  /** The stream that the page opened, if it is live and of the requested camera; one of another camera is stopped. */
  #take(deviceId: string | null): MediaStream | null {
    const ready = this.#ready;
    this.#ready = null;
    const [track] = ready?.getVideoTracks() ?? [];
    if (ready === null || track === undefined) return null;
    if (track.readyState === 'live' && (deviceId === null || deviceId === track.getSettings().deviceId)) return ready;
    stop(ready);
    return null;
  }
}
