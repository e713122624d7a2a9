import type { SegmentView, SpeakerView } from '@auscult/contracts';
import { clock } from '@auscult/ui';

/** The transcript as people paste it: turns with the speaker's name and time, a blank line between. */
export function transcriptText(segments: readonly SegmentView[], speakers: ReadonlyMap<string, SpeakerView>): string {
  const turns: string[] = [];
  let speakerId: string | null = null;
  for (const segment of segments) {
    if (segment.speakerId === speakerId) {
      turns.push(`${turns.pop() ?? ''} ${segment.text}`);
    } else {
      turns.push(`${segmentHead(segment, speakers)}\n${segment.text}`);
      speakerId = segment.speakerId;
    }
  }
  return turns.join('\n\n');
}

/** One line with its speaker and time. */
export function segmentText(segment: SegmentView, speakers: ReadonlyMap<string, SpeakerView>): string {
  return `${segmentHead(segment, speakers)}\n${segment.text}`;
}

function segmentHead(segment: SegmentView, speakers: ReadonlyMap<string, SpeakerView>): string {
  return `${speakers.get(segment.speakerId)?.name ?? 'Speaker'} (${clock(segment.startMs)})`;
}

/** How much of all speech is each speaker's, 0 to 1, by speaker id. */
export function speechShares(segments: readonly SegmentView[]): ReadonlyMap<string, number> {
  const spoken = new Map<string, number>();
  let total = 0;
  for (const { speakerId, startMs, endMs } of segments) {
    spoken.set(speakerId, (spoken.get(speakerId) ?? 0) + endMs - startMs);
    total += endMs - startMs;
  }
  return new Map([...spoken].map(([id, ms]) => [id, total === 0 ? 0 : ms / total]));
}
