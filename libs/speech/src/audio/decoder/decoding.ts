import { AudioError } from '../audio-error.js';
import { SAMPLE_RATE } from '../opened-audio.js';
import { ByteReader, type ReadBytes } from './byte-reader.js';
import { ChannelChoice, mixToMono } from './channel-choice.js';
import { Container } from './container.js';
import { TAIL_BYTES, endsEarly, looksLikeMedia } from './container-signature.js';
import type { AudioDescription } from './decoder-wire.js';
import { SoundReader } from './sound-reader.js';

/** A file that ends this much before the length it announces has lost its end. */
const SHORTFALL_MS = 1500;
const SHORTFALL_SHARE = 0.02;

/** One file on its way to 16 kHz sound. */
export class Decoding {
  private constructor(
    readonly description: AudioDescription,
    private readonly sound: SoundReader,
    private readonly first: Float32Array[],
    private readonly rest: Generator<Float32Array>,
    private readonly expectedMs: number,
    private readonly cut: boolean,
  ) {}

  /** Opens the content and decodes enough of it to know how many channels it has. */
  static open(sizeBytes: number, readBytes: ReadBytes): Decoding {
    const head = sizeBytes > 0 ? readBytes(0, Math.min(64, sizeBytes)) : new Uint8Array(0);
    const tailStart = Math.max(0, sizeBytes - TAIL_BYTES);
    const tail = sizeBytes > 0 ? readBytes(tailStart, sizeBytes - tailStart) : head;
    try {
      return Decoding.openMedia(sizeBytes, readBytes, endsEarly(head, tail, sizeBytes));
    } catch (error) {
      if (!(error instanceof AudioError) || error.code === 'no-audio-track') throw error;
      throw new AudioError(looksLikeMedia(head) ? 'audio-damaged' : 'not-audio');
    }
  }

  private static openMedia(sizeBytes: number, readBytes: ReadBytes, cut: boolean): Decoding {
    if (sizeBytes === 0) throw new AudioError('not-audio');
    const container = Container.open(new ByteReader(sizeBytes, readBytes).createContext());
    const sound = new SoundReader(container);
    const rest = sound.read();
    const { channelCount, first } = sound.channels === 2 ? chooseChannels(rest) : { channelCount: 1 as const, first: [firstSound(rest)] };
    if (first.length === 0 || sound.position === 0) throw new AudioError('audio-damaged');
    const { mediaType, durationMs, soundMs } = container;
    return new Decoding({ mediaType, channelCount, durationMs }, sound, first, rest, soundMs ?? 0, cut);
  }

  /** Interleaved 16 kHz sound. */
  *frames(): Generator<Float32Array> {
    const mix = this.sound.channels === 2 && this.description.channelCount === 1;
    for (const samples of this.first.splice(0)) yield mix ? mixToMono(samples) : samples;
    for (const samples of this.rest) if (samples.length > 0) yield mix ? mixToMono(samples) : samples;
  }

  /** Once the frames have ended: whether sound is missing. */
  get truncated(): boolean {
    const missingMs = this.expectedMs - (this.sound.position * 1000) / SAMPLE_RATE;
    return this.cut || this.sound.damaged || missingMs > Math.max(SHORTFALL_MS, this.expectedMs * SHORTFALL_SHARE);
  }
}

function firstSound(sound: Generator<Float32Array>): Float32Array {
  for (;;) {
    const next = sound.next();
    if (next.done) return new Float32Array(0);
    if (next.value.length > 0) return next.value;
  }
}

function chooseChannels(sound: Generator<Float32Array>): { channelCount: 1 | 2; first: Float32Array[] } {
  const choice = new ChannelChoice();
  for (;;) {
    // Not for-of: leaving such a loop would end the sound for those who read on.
    const next = sound.next();
    if (!next.done) choice.add(next.value);
    const channelCount = choice.decide(next.done === true);
    if (channelCount !== null) return { channelCount, first: choice.release() };
  }
}
