import { EncodedVideoChunk, VideoDecoder, VideoFrame } from '@napi-rs/webcodecs';
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input, VideoSampleSink } from 'mediabunny';
import type { Pixels } from './pixels.ts';

// mediabunny decodes through the WebCodecs API, which Node lacks.
Object.assign(globalThis, { VideoDecoder, VideoFrame, EncodedVideoChunk });

export interface Frame extends Pixels {
  /** Time in the video, milliseconds. */
  readonly atMs: number;
}

const withoutAlpha = (rgba: Uint8Array): Uint8Array => {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from] ?? 0;
    rgb[to + 1] = rgba[from + 1] ?? 0;
    rgb[to + 2] = rgba[from + 2] ?? 0;
  }
  return rgb;
};

/**
 * Frames of a recorded video (WebM or MP4), about one every `everyMs`, and how many the video has in total.
 * @throws Error if it has no decodable video, or one with an alpha channel
 */
export const decodeVideo = async (
  bytes: Uint8Array,
  everyMs: number,
): Promise<{ readonly frames: Frame[]; readonly count: number }> => {
  const input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
  const track = await input.getPrimaryVideoTrack();
  if (track === null) throw new Error('no video track');
  // No camera records one, and mediabunny would merge it with canvases, which Node lacks. Chromium's header always announces one.
  for await (const { sideData } of new EncodedPacketSink(track).packets(undefined, undefined, { metadataOnly: true }))
    if (sideData.alpha !== undefined) throw new Error('the video has an alpha channel');
  const frames: Frame[] = [];
  let count = 0;
  let nextMs = Number.NEGATIVE_INFINITY;
  for await (const sample of new VideoSampleSink(track).samples()) {
    const atMs = sample.timestamp * 1000;
    count += 1;
    if (atMs >= nextMs) {
      const rgba = new Uint8Array(sample.allocationSize({ format: 'RGBA' }));
      await sample.copyTo(rgba, { format: 'RGBA' });
      frames.push({ width: sample.codedWidth, height: sample.codedHeight, rgb: withoutAlpha(rgba), atMs });
      nextMs = atMs + everyMs;
    }
    sample.close();
  }
  input.dispose();
  return { frames, count };
};
