import { SAMPLE_RATE } from '../audio/opened-audio.js';

/** Lengths in samples. Measured with Moonshine base on two shared cores; LibriSpeech test-other, pauses of 0.2 to 1.2 s. */

/**
 * The pause at which the decode of an utterance begins that may have ended, in seconds: what live sessions give their detector. With 0.15 instead of the 0.25 that files are
 * cut at, 6 % more sound is decoded in vain (15 minutes of LibriSpeech; 0.1: 17 %), and where many speak at once the latest finals come a tenth of a second sooner.
 */
export const LIVE_PAUSE_SECONDS = 0.15;
/** The silence that ends an utterance. */
export const ENDPOINT_SILENCE = 0.5 * SAMPLE_RATE;
/** An utterance this long ends at the detector's shortest pause already: a long one takes long to decode. */
export const LONG_UTTERANCE = 8 * SAMPLE_RATE;
/** Speech without any pause is cut here, at the quietest place of the last two seconds. */
export const LONGEST_UTTERANCE = 12 * SAMPLE_RATE;
export const CUT_SEARCH = 2 * SAMPLE_RATE;

/**
 * Utterances closer than this, up to this length together, are heard once more as a whole. Once a group is full its last utterance
 * ends at the detector's shortest pause, so that groups are long. Word errors in percent, over 300 s and 240 s of other readers:
 * | | 300 s | 240 s |
 * |---|---|---|
 * | as a file (`transcribe`) | 9.8 | 11.1 |
 * | live, utterances alone | 14.3 | 12.5 |
 * | live, groups to 20 s, none counts as full | 11.1 | |
 * | live, groups to 20 s, full at 14 s | | 11.5 |
 * | live, groups to 24 s, full at 18 s | 9.8 | 9.8 |
 */
export const JOIN_WITHIN = 2 * SAMPLE_RATE;
export const LONGEST_GROUP = 24 * SAMPLE_RATE;
export const FULL_GROUP = 18 * SAMPLE_RATE;

/** Sound around speech that is given to the recogniser. */
export const PADDING = 0.2 * SAMPLE_RATE;
/** Silence before speech that a detector which begins anew is given, where there is as much. */
export const LEAD = 0.4 * SAMPLE_RATE;
/** Stretches in which nothing is said settle at this length. */
export const SILENT_STRETCH = 5 * SAMPLE_RATE;

/** The shortest open utterance that is worth a partial. */
export const SHORTEST_PARTIAL = 0.3 * SAMPLE_RATE;
