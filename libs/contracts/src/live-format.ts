/**
 * The numbers of the live protocol, without zod: the portal's first load and its audio worklet need them alone.
 * See `live.ts` for what they mean.
 */
export const LIVE_PROTOCOL = 1;
export const LIVE_SAMPLE_RATE = 16_000;
export const LIVE_FRAME_MS = 100;
/** Samples of one channel in one frame. */
export const LIVE_FRAME_SAMPLES = 1_600;
/** Frames in one message at most: 51,200 bytes with two channels, under the limit of a socket message (64 KiB). */
export const LIVE_MESSAGE_FRAMES = 8;
/** Frames that may be under way or unstored at once (two minutes); what exceeds them is not taken and `received` says so. */
export const LIVE_WINDOW_FRAMES = 1_200;
/** The longest session: 8 hours. */
export const LIVE_MAX_FRAMES = 288_000;
