/**
 * Development only: the local edge serves it before the built capture page's own script. It sends the liveness stream to the
 * local Rekognition, and on request replaces the camera with a person who is animated from a photo, does what is asked, and is
 * clearly marked on screen.
 */
import { Approach, HEIGHT, OvalWatch, Pace, WIDTH } from './moving-person.ts';
import { type PersonPicture, PICTURE_SIDES, type PixelGrid, paintPerson } from './person-pixels.ts';
import { ScreenLight } from './screen-light.ts';

declare const REKOGNITION_SOCKET: string;

type Camera = 'real' | 'a' | 'b';
const CHOICES: readonly (readonly [Camera, string])[] = [
  ['real', 'my camera'],
  ['a', 'demo person A'],
  ['b', 'demo person B'],
];
/** The lowest rate that the component accepts; a higher one would take processor time from it and from the recorder. */
const FRAMES_PER_SECOND = 15;
/** Gray wall, as a 32-bit word of a PixelGrid. */
const WALL = 0xff988f8a;

let camera: Camera = 'real';
const oval = new OvalWatch();

const redirectStreams = (): void => {
  const Original = window.WebSocket;
  window.WebSocket = class extends Original {
    constructor(url: string | URL, protocols?: string | string[]) {
      const target = String(url).replace(
        /^wss:\/\/streaming-rekognition\.[a-z0-9-]+\.amazonaws\.com/,
        REKOGNITION_SOCKET,
      );
      super(target, protocols);
      if (target !== String(url)) this.addEventListener('message', ({ data }) => oval.received(data));
    }

    override send(data: string | ArrayBufferLike | Blob | ArrayBufferView): void {
      oval.sent(data);
      super.send(data as string);
    }
  };
};

const loadPicture = async (person: Camera): Promise<PersonPicture> => {
  const image = new Image();
  image.src = `/__local/person-${person}.jpg`;
  await image.decode();
  return PICTURE_SIDES.map((side) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [side, side];
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (context === null) throw new DOMException('no canvas', 'NotReadableError');
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, 0, 0, side, side);
    const { data } = context.getImageData(0, 0, side, side);
    return { width: side, height: side, pixels: new Uint32Array(data.buffer) };
  });
};

/** A camera that shows the demo person: small at first, then as large as the oval requires, in the light of the screen. */
const demoStream = async (person: Camera): Promise<MediaStream> => {
  const picture = await loadPicture(person);
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [WIDTH, HEIGHT];
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
  if (context === null) throw new DOMException('no canvas', 'NotReadableError');
  const frame = context.createImageData(WIDTH, HEIGHT);
  const grid: PixelGrid = { width: WIDTH, height: HEIGHT, pixels: new Uint32Array(frame.data.buffer) };
  const approach = new Approach(Math.random);
  const pace = new Pace(1000 / FRAMES_PER_SECOND);
  const light = new ScreenLight();
  const draw = (): void => {
    const nowMs = performance.now();
    const seen = light.now();
    grid.pixels.fill(WALL);
    const pose = approach.poseAt(nowMs, pace.frame(nowMs, oval.isAsked), oval.oval);
    paintPerson(grid, picture, seen === null ? pose : { ...pose, light: seen });
    context.putImageData(frame, 0, 0);
  };
  const stream = canvas.captureStream(FRAMES_PER_SECOND);
  const [track] = stream.getVideoTracks();
  oval.reset();
  const timer = setInterval(() => {
    if (track?.readyState === 'ended') clearInterval(timer);
    else draw();
  }, 1000 / FRAMES_PER_SECOND);
  draw();
  if (track !== undefined) {
    const settings = track.getSettings.bind(track);
    track.getSettings = () => ({
      ...settings(),
      width: WIDTH,
      height: HEIGHT,
      frameRate: FRAMES_PER_SECOND,
      deviceId: 'local-demo',
    });
  }
  return stream;
};

const replaceCamera = (): void => {
  const devices = navigator.mediaDevices;
  if (devices === undefined) return;
  const [getUserMedia, enumerateDevices] = [devices.getUserMedia.bind(devices), devices.enumerateDevices.bind(devices)];
  // WebKit forgets properties set on `navigator.mediaDevices` itself when it collects garbage.
  const prototype = MediaDevices.prototype;
  prototype.getUserMedia = (constraints) => (camera === 'real' ? getUserMedia(constraints) : demoStream(camera));
  prototype.enumerateDevices = async () =>
    camera === 'real'
      ? enumerateDevices()
      : [
          {
            deviceId: 'local-demo',
            groupId: 'local',
            kind: 'videoinput',
            label: 'Local demo person',
            toJSON: () => ({}),
          } as MediaDeviceInfo,
        ];
};

const showChoice = (): void => {
  const style = document.createElement('link');
  style.rel = 'stylesheet';
  style.href = '/__local/browser.css';
  document.head.append(style);
  const bar = document.createElement('aside');
  bar.className = 'local-demo';
  bar.setAttribute('aria-label', 'Local development');
  bar.append('Local development: the camera is');
  for (const [value, name] of CHOICES) {
    const label = document.createElement('label');
    const input = document.createElement('input');
    Object.assign(input, { type: 'radio', name: 'local-camera', value, checked: value === camera });
    input.addEventListener('change', () => {
      camera = value;
    });
    label.append(input, name);
    bar.append(label);
  }
  document.body.append(bar);
};

redirectStreams();
replaceCamera();
window.addEventListener('DOMContentLoaded', showChoice);
