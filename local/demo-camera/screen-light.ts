/** The canvas on which Amplify's component shows the colors of the light challenge. */
const FLASHES = 'canvas.amplify-liveness-freshness-canvas';
/** Sampling points per side of the screen. */
const SIDE = 8;

/** The light that the page throws on the person in front of it: the mean color of what it really shows, as a face would get it. */
export class ScreenLight {
  readonly #context: CanvasRenderingContext2D | null;

  constructor() {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [SIDE, SIDE];
    this.#context = canvas.getContext('2d', { willReadFrequently: true });
  }

  /** Mean red, green and blue, 0 to 255; null while there are no colors on the screen. */
  now(): readonly [number, number, number] | null {
    const flashes = document.querySelector<HTMLCanvasElement>(FLASHES);
    const context = this.#context;
    if (context === null || flashes === null || flashes.style.display !== 'block' || flashes.width === 0) return null;
    context.fillStyle = '#000';
    context.fillRect(0, 0, SIDE, SIDE);
    context.drawImage(flashes, 0, 0, SIDE, SIDE);
    const { data } = context.getImageData(0, 0, SIDE, SIDE);
    const sums: [number, number, number] = [0, 0, 0];
    for (let at = 0; at < data.length; at += 4) {
      sums[0] += data[at] ?? 0;
      sums[1] += data[at + 1] ?? 0;
      sums[2] += data[at + 2] ?? 0;
    }
    const points = SIDE * SIDE;
    return [sums[0] / points, sums[1] / points, sums[2] / points];
  }
}
