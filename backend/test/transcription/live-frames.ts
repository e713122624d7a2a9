import type { Redis } from 'ioredis';
import type { LiveAudioStream, LiveFrames } from '../../src/modules/transcription/live/live-audio-stream.js';

/** Opened frames of the session that lie in Redis at `position` and behind it, in order; the first may begin before it. */
export async function framesFrom(stream: LiveAudioStream, connection: Redis, recordingId: string, position: number): Promise<LiveFrames[]> {
  const place = { recordingId, position };
  const found = (await stream.read(connection, [place], 1)).get(recordingId) ?? [];
  return [...(await stream.reachingOver(connection, place)), ...found].map((entry) => stream.open(recordingId, entry));
}
