import { z } from 'zod';
import { Id } from './common.js';
import { Problem } from './errors.js';
import { LiveAudio, LiveFinish, LiveForget, LiveForgotten, LiveMark, LiveOpen, LiveOpened, LivePartial, LiveProgress, LiveReceived, MarkersView } from './live.js';
import { RecordingView } from './recordings.js';
import { SegmentView, SpeakerView } from './transcripts.js';

/**
 * Events from the server, `noun:fact`, on the Socket.IO namespace `/` (path /socket.io). They are notifications: one may be
 * lost, and a client that (re)connects reads the rows again.
 * To the owner's own room: `recording:changed`, `recording:deleted`. To the watchers of one recording: `transcript:*`, `live:*`.
 */
export const serverEvents = {
  'recording:changed': z.object({ recording: RecordingView }),
  'recording:deleted': z.object({ recordingId: Id }),
  'transcript:segments': z.object({
    recordingId: Id,
    segments: z.array(SegmentView).describe('New or changed segments; replace by id, keep sorted by startMs'),
  }),
  'transcript:speakers': z.object({ recordingId: Id, speakers: z.array(SpeakerView).describe('All speakers') }),
  'transcript:removed': z.object({ recordingId: Id, segmentIds: z.array(Id) }).describe('Segments that are gone: they were put off the record'),
  'transcript:reset': z.object({ recordingId: Id }).describe('The transcript starts anew: forget its segments'),
  'live:partial': LivePartial,
  'live:progress': LiveProgress,
  'live:markers': MarkersView.extend({ recordingId: Id }).describe('All markers'),
} as const;
export type ServerEventName = keyof typeof serverEvents;
export type ServerEventPayload<E extends ServerEventName> = z.infer<(typeof serverEvents)[E]>;
export type ServerEventMap = { [E in ServerEventName]: (payload: ServerEventPayload<E>) => void };

/** Answer to every client event. */
export const Ack = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true) }),
  z.object({ ok: z.literal(false), problem: Problem }),
]);
export type Ack = z.infer<typeof Ack>;

/** Events from the client, `noun:verb`, each acknowledged with an `Ack`; those in `clientAnswers` say more when they went well. */
export const clientEvents = {
  'transcript:watch': z.object({ recordingId: Id }),
  'transcript:unwatch': z.object({ recordingId: Id }),
  'live:open': LiveOpen,
  'live:audio': LiveAudio,
  'live:finish': LiveFinish,
  'live:mark': LiveMark,
  'live:forget': LiveForget,
} as const;
export type ClientEventName = keyof typeof clientEvents;
export type ClientEventPayload<E extends ClientEventName> = z.infer<(typeof clientEvents)[E]>;

export const clientAnswers = { 'live:open': LiveOpened, 'live:audio': LiveReceived, 'live:forget': LiveForgotten } as const;
/** What acknowledges an event that went well. */
export type ClientEventAnswer<E extends ClientEventName> = E extends keyof typeof clientAnswers ? z.infer<(typeof clientAnswers)[E]> : { ok: true };
export type Refusal = Extract<Ack, { ok: false }>;
export type ClientEventMap = { [E in ClientEventName]: (payload: ClientEventPayload<E>, ack: (answer: ClientEventAnswer<E> | Refusal) => void) => void };
