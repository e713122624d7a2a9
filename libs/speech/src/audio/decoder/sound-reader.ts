import { AV_NOPTS_VALUE } from 'node-av/constants';
import { Frame, type Packet } from 'node-av/lib';
import { SAMPLE_RATE } from '../opened-audio.js';
import type { Container } from './container.js';
import { Resampler } from './resampler.js';

/** Smaller steps in the file's clock are rounding; larger ones are a pause that a player would play as silence. */
const GAP_SAMPLES = SAMPLE_RATE / 10;
/** A clock that jumps further than ten minutes is broken, not a pause. */
const LONGEST_GAP_SAMPLES = SAMPLE_RATE * 600;
const SILENCE_CHUNK = SAMPLE_RATE;
/** Undecodable packets that an untouched file may have (a stream cut mid-frame begins and ends with some). */
const TOLERATED_ERRORS = 4;
/** FFmpeg does not decode the comfort noise of AMR: those packets are pauses, not damage. */
const PAUSING_CODECS = ['amrnb', 'amrwb'];

/** Decodes a container's track to 16 kHz, keeping to the file's own clock. */
export class SoundReader {
  readonly channels: 1 | 2;
  /** Samples per channel that were given so far. */
  position = 0;
  private decodeErrors = 0;
  private readonly frame = new Frame();
  private readonly resampler: Resampler;

  constructor(private readonly container: Container) {
    this.frame.alloc();
    this.channels = container.codec.channels === 2 ? 2 : 1;
    this.resampler = new Resampler(this.channels);
  }

  /** Whether parts of the sound could not be decoded. */
  get damaged(): boolean {
    const errors = PAUSING_CODECS.includes(this.container.codecName) ? 0 : this.decodeErrors;
    return this.container.damaged || errors > TOLERATED_ERRORS;
  }

  /** Interleaved stretches of sound, as they come out of the codec; ends with the file. */
  *read(): Generator<Float32Array> {
    for (let packet = this.container.nextPacket(); packet; packet = this.container.nextPacket()) yield* this.decode(packet);
    yield* this.decode(null);
    yield this.count(this.resampler.drain());
  }

  private *decode(packet: Packet | null): Generator<Float32Array> {
    if (this.container.codec.sendPacketSync(packet) < 0 && packet) this.decodeErrors += 1;
    while (this.container.codec.receiveFrameSync(this.frame) >= 0) {
      yield* this.gapBefore(this.frame);
      yield this.count(this.resampler.convert(this.frame));
      this.frame.unref();
    }
  }

  private *gapBefore(frame: Frame): Generator<Float32Array> {
    if (frame.pts === AV_NOPTS_VALUE) return;
    const due = Math.round((Number(frame.pts) * this.container.timeBase - this.container.startSeconds) * SAMPLE_RATE);
    let missing = due - this.position;
    if (missing < GAP_SAMPLES || missing > LONGEST_GAP_SAMPLES) return;
    for (; missing > 0; missing -= SILENCE_CHUNK) yield this.count(new Float32Array(Math.min(missing, SILENCE_CHUNK) * this.channels));
  }

  private count(interleaved: Float32Array): Float32Array {
    this.position += interleaved.length / this.channels;
    return interleaved;
  }
}
