import { SAMPLE_RATE } from '../opened-audio.js';

/** How much sound decides whether two channels are two. */
const DECIDING_SECONDS = 30;
/** Where nothing at all is heard at first, how long to wait for something. */
const LONGEST_WAIT_SECONDS = 120;
/** Mean square of -60 dBFS: below it there is nothing to compare. */
const SILENT_MEAN_SQUARE = 1e-6;
/**
 * Energy of the difference over energy of both: about 1 for two people on two channels, near 0 for one sound stored twice, in between
 * for one room heard by a stereo microphone. An estimate, not measured on many recordings.
 */
const SAME_SOUND_RATIO = 0.25;

/**
 * Decides on the first 30 s of an interleaved stereo sound whether its channels are two speakers or one sound twice. A
 * start that is silent on both is waited out for up to two minutes; if all of that is silent, two channels stay two.
 * Feed it until `decide` answers, and tell it when the sound has ended.
 */
export class ChannelChoice {
  private heldSamples = 0;
  private readonly held: Float32Array[] = [];
  private difference = 0;
  private both = 0;

  add(interleaved: Float32Array): void {
    this.held.push(interleaved);
    this.heldSamples += interleaved.length / 2;
    for (let i = 0; i + 1 < interleaved.length; i += 2) {
      const left = interleaved[i] as number;
      const right = interleaved[i + 1] as number;
      this.difference += (left - right) * (left - right);
      this.both += 2 * (left * left + right * right);
    }
  }

  /** The number of channels to go on with, or null while more must be heard. */
  decide(ended: boolean): 1 | 2 | null {
    const seconds = this.heldSamples / SAMPLE_RATE;
    if (!ended && seconds < DECIDING_SECONDS) return null;
    const silent = this.both <= SILENT_MEAN_SQUARE * 4 * this.heldSamples;
    if (!silent) return this.difference / this.both < SAME_SOUND_RATIO ? 1 : 2;
    return ended || seconds >= LONGEST_WAIT_SECONDS ? 2 : null;
  }

  /** What was fed so far, given back once. */
  release(): Float32Array[] {
    return this.held.splice(0);
  }
}

/** Both channels as one, by their mean. */
export function mixToMono(interleaved: Float32Array): Float32Array {
  const mono = new Float32Array(interleaved.length / 2);
  for (let i = 0; i < mono.length; i += 1) {
    mono[i] = ((interleaved[2 * i] as number) + (interleaved[2 * i + 1] as number)) / 2;
  }
  return mono;
}
