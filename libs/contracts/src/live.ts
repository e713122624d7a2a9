import { z } from 'zod';
import { Id, Milliseconds, Timestamp } from './common.js';
import { LIVE_MAX_FRAMES, LIVE_MESSAGE_FRAMES, LIVE_PROTOCOL } from './live-format.js';
import { LiveSource, RecordingTitle } from './recordings.js';

/**
 * Live sessions: how a microphone or a file becomes a transcript while it is spoken.
 *
 * Sound travels in frames of 100 ms, numbered from 0 without a gap: frame n holds the samples n * 1600 to (n + 1) * 1600 - 1 of
 * each channel, 16-bit little-endian, channels interleaved, 16 kHz. The number alone says where a frame belongs, so a frame may be
 * sent again at any time. A sender keeps each frame until it is *stored* (durable) and goes on from *received* after a reconnect.
 */

export const LiveChannelCount = z.union([z.literal(1), z.literal(2)]);
export type LiveChannelCount = z.infer<typeof LiveChannelCount>;

const FrameNumber = z.int().min(0).max(LIVE_MAX_FRAMES);
/** Rises by one with each sender that takes the session over; an older sender is refused with `live-replaced`. */
const Writer = z.int().min(1);
const Bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'must be binary');

/** `live:open`: starts the session with this id, which the sender chooses, or goes on with it. */
export const LiveOpen = z.object({
  protocol: z.int().describe('The version that the sender speaks; another than 1 answers protocol-unsupported'),
  recordingId: Id,
  channelCount: LiveChannelCount,
  source: LiveSource,
  title: RecordingTitle.optional().describe('Without one the session is named by its date'),
  after: Writer.optional().describe('The writer that this sender was last: a reconnect does not take the session back from a later one, it answers live-replaced'),
  sender: Id.optional().describe('Whoever opens the session chooses it and says it each time: a later writer that is this sender itself, because an answer was lost, does not count as another'),
  yields: z.boolean().optional().describe('Nobody waits for this sender: it does not take the session from another one that has it now, it answers live-replaced'),
  known: z.boolean().optional().describe('The session was opened before: should it have been deleted since, it is not begun anew'),
});
export type LiveOpen = z.infer<typeof LiveOpen>;
export const LiveOpened = z.object({
  ok: z.literal(true),
  protocol: z.literal(LIVE_PROTOCOL),
  writer: Writer,
  received: FrameNumber.describe('The frame to send next'),
  stored: FrameNumber.describe('Frames before this one are durable'),
  own: FrameNumber.optional().describe('Where another sender has taken the place of this one since, and sent something: so many frames this one had sent by then. What it kept from there on belongs behind received, also what it has put behind an earlier received and could not send'),
  finished: z.boolean().describe('finish was said already; nothing more is taken'),
});
export type LiveOpened = z.infer<typeof LiveOpened>;

/** `live:audio`: 1 to 8 whole frames. Frames that are known are ignored; after a gap nothing is taken. */
export const LiveAudio = z.object({ recordingId: Id, writer: Writer, first: FrameNumber.describe('Number of the first frame in audio'), audio: Bytes });
export type LiveAudio = z.infer<typeof LiveAudio>;
export const LiveReceived = z.object({ ok: z.literal(true), received: FrameNumber.describe('Go on with this frame, whatever was sent'), stored: FrameNumber });
export type LiveReceived = z.infer<typeof LiveReceived>;

/** `live:finish`: the session has exactly this many frames. May be said before all of them were received. */
export const LiveFinish = z.object({ recordingId: Id, writer: Writer, frames: FrameNumber });
export type LiveFinish = z.infer<typeof LiveFinish>;

/** `live:mark`: a moment to come back to, or a pause that the clinician made. Idempotent by `markerId`. */
export const LiveMark = z.object({
  recordingId: Id,
  markerId: Id,
  kind: z.enum(['marker', 'pause']),
  atMs: Milliseconds,
  durationMs: Milliseconds.optional().describe('How long a pause was. It takes no time in the recording, but for the silence that the sender may put there to end what was being said'),
  label: z.string().trim().max(200).optional(),
});
export type LiveMark = z.infer<typeof LiveMark>;

/**
 * `live:forget`: off the record. Drops the last minutes before frame `until` everywhere: the audio becomes silence, the words go,
 * and a marker remains that says so. The sender has silenced its own frames before it asks. Idempotent by `markerId`.
 */
export const LiveForget = z.object({
  recordingId: Id,
  writer: Writer,
  markerId: Id,
  minutes: z.union([z.literal(1), z.literal(2), z.literal(5)]),
  until: FrameNumber,
});
export type LiveForget = z.infer<typeof LiveForget>;
export const LiveForgotten = z.object({ ok: z.literal(true), from: FrameNumber, until: FrameNumber });
export type LiveForgotten = z.infer<typeof LiveForgotten>;

/** GET /api/recordings/:id/markers */
export const MarkerView = z.object({
  id: Id,
  kind: z.enum(['marker', 'pause', 'off-record']),
  atMs: Milliseconds,
  /** Of a pause, outside the recording; of what is off the record, inside it. */
  durationMs: Milliseconds.nullable(),
  label: z.string().nullable(),
  createdAt: Timestamp,
});
export type MarkerView = z.infer<typeof MarkerView>;
export const MarkersView = z.object({ markers: z.array(MarkerView) });
export type MarkersView = z.infer<typeof MarkersView>;

/** What somebody is saying now. `firm` does not change any more until the final comes; both empty takes it back. */
export const LivePartial = z.object({ recordingId: Id, channel: z.int().min(0).max(1), startMs: Milliseconds, endMs: Milliseconds, firm: z.string(), tentative: z.string() });
export type LivePartial = z.infer<typeof LivePartial>;

/** How far a session is. `writer` lets a sender notice that it was replaced; `lagMs` is how far recognition is behind what was received. */
export const LiveProgress = z.object({
  recordingId: Id,
  writer: Writer,
  received: FrameNumber,
  stored: FrameNumber,
  lagMs: Milliseconds,
  gather: z.int().min(1).max(LIVE_MESSAGE_FRAMES).optional().describe('So many frames the server would like in each live:audio; more while many speak. What ends an utterance is waited for and sent at once: the voice detector (GET /api/live/voice-detector) tells what does; without it, a quarter of so many are sent while somebody may have paused. Absent: as before, at first 1'),
});
export type LiveProgress = z.infer<typeof LiveProgress>;
