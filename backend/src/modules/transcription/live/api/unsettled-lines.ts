import type { EntityManager } from '@mikro-orm/postgresql';
import type { Recording } from '../../recording.entity.js';
import { Segment } from '../../segment.entity.js';
import type { LiveTrack } from '../live-track.entity.js';

/**
 * What was written after the checkpoint is heard again with other sound, and its utterances may get other numbers. Answers what is gone; what a person
 * has corrected stays, without its number, where the same sound stands. In the transaction that interrupts the run.
 * @param tracks all of the session
 * @param otherFromMs from there on another sound stands: what was corrected there goes as well, or the words of that would be taken for it
 */
export async function removeUnsettled(em: EntityManager, recording: Recording, tracks: readonly LiveTrack[], otherFromMs = Number.POSITIVE_INFINITY): Promise<string[]> {
  const recordingId = recording.id;
  const channels = tracks.map((track) => ({ channel: track.channel, utteranceIndex: { $gte: firstUnsettled(track, tracks.length) } }));
  const unsettled = await em.find(Segment, { recordingId, $or: channels }, { orderBy: { utteranceIndex: 'asc' } });
  const lowest = await em.findOne(Segment, { recordingId, utteranceIndex: { $lt: 0 } }, { orderBy: { utteranceIndex: 'asc' } });
  let free = (lowest?.utteranceIndex ?? 0) - 1;
  const stays = ({ revision, startMs }: Segment): boolean => revision > 0 && startMs < otherFromMs;
  for (const segment of unsettled.filter(stays)) {
    segment.setAside(free--);
    recording.wordCount += segment.words.length;
  }
  const removed = unsettled.filter((segment) => !stays(segment));
  em.remove(removed);
  await em.flush();
  return removed.map(({ id }) => id);
}

/** The n-th utterance of a channel has the index n * channels + channel. */
function firstUnsettled({ channel, nextUtterance }: LiveTrack, channelCount: number): number {
  return nextUtterance * channelCount + channel;
}
