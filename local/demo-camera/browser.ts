/**
 * Development only; the local edge puts it in front of the built capture page. It takes the liveness stream to the local
 * Rekognition, and on request replaces the camera by an animated photo that follows the oval, clearly marked on screen.
 */
import { drawPerson, OvalWatch } from './moving-person.ts';

declare const REKOGNITION_SOCKET: string;

type Camera = 'real' | 'a' | 'b';
const CHOICES: readonly (readonly [Camera, string])[] = [
  ['real', 'my camera'],
  ['a', 'demo person A'],
  ['b', 'demo person B'],
];
const WIDTH = 640;
const HEIGHT = 480;
const FRAMES_PER_SECOND = 30;

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

const loadPicture = async (person: Camera): Promise<HTMLImageElement> => {
  const image = new Image();
  image.src = `/__local/person-${person}.jpg`;
  await image.decode();
  return image;
};

/** A camera that shows the demo person: small at first, then as large as the oval asks. */
const demoStream = async (person: Camera): Promise<MediaStream> => {
  const image = await loadPicture(person);
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [WIDTH, HEIGHT];
  const context = canvas.getContext('2d', { alpha: false });
  if (context === null) throw new DOMException('no canvas', 'NotReadableError');
  const stream = canvas.captureStream(FRAMES_PER_SECOND);
  const [track] = stream.getVideoTracks();
  oval.reset();
  const timer = setInterval(() => {
    if (track?.readyState === 'ended') clearInterval(timer);
    else drawPerson(context, image, oval.progress(performance.now()));
  }, 1000 / FRAMES_PER_SECOND);
  drawPerson(context, image, oval.progress(performance.now()));
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
  devices.getUserMedia = (constraints) => (camera === 'real' ? getUserMedia(constraints) : demoStream(camera));
  devices.enumerateDevices = async () =>
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
