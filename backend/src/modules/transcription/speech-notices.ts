import type { TranscriptionNoticeCode } from '@auscult/contracts';
import type { Recording } from './recording.entity.js';
import type { TranscriptRepository } from './transcript.repository.js';

/** What there is to say about the channels on which no words were found. */
export async function speechNotices({ id, channelCount }: Recording, transcripts: TranscriptRepository): Promise<TranscriptionNoticeCode[]> {
  const channels = Array.from({ length: channelCount ?? 1 }, (_, channel) => channel);
  const heard = await Promise.all(channels.map((channel) => transcripts.hasSpeechOn(id, channel)));
  if (!heard.includes(true)) return ['no-speech'];
  return heard.includes(false) ? ['channel-silent'] : [];
}
