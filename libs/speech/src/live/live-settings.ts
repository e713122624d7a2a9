import { SAMPLE_RATE } from '../audio/opened-audio.js';

/** Lengths in samples. */

/** The silence that ends an utterance. Its decode begins before, at the detector's own pause of 0.25 s. */
export const ENDPOINT_SILENCE = 0.5 * SAMPLE_RATE;
/** An utterance this long ends at the detector's shortest pause (0.25 s) already: a long one takes long to decode. */
export const LONG_UTTERANCE = 8 * SAMPLE_RATE;
/** Speech without any pause is cut here, at the quietest place of the last two seconds. */
export const LONGEST_UTTERANCE = 12 * SAMPLE_RATE;
export const CUT_SEARCH = 2 * SAMPLE_RATE;

/** Utterances closer than this, up to this length together, are heard once more as a whole: the same rule as for files. */
export const JOIN_WITHIN = 2 * SAMPLE_RATE;
export const LONGEST_GROUP = 20 * SAMPLE_RATE;
/** Once a group is this long its last utterance ends at the detector's shortest pause, so that groups are well filled. */
export const FULL_GROUP = 14 * SAMPLE_RATE;

/** Sound around speech that is given to the recogniser. */
export const PADDING = 0.2 * SAMPLE_RATE;
/** Silence before speech that a detector which begins anew is given, where there is as much. */
export const LEAD = 0.4 * SAMPLE_RATE;
/** Stretches in which nothing is said settle at this length. */
export const SILENT_STRETCH = 5 * SAMPLE_RATE;

/** The shortest open utterance that is worth a partial. */
export const SHORTEST_PARTIAL = 0.3 * SAMPLE_RATE;
