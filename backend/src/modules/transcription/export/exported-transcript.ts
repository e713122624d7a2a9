import type { Recording } from '../recording.entity.js';
import type { Segment } from '../segment.entity.js';
import type { Speaker } from '../speaker.entity.js';

/** A transcript on its way into a file. Segments come by start time and page by page, so that hours fit into little memory. */
export interface ExportedTranscript {
  readonly recording: Recording;
  readonly speakers: readonly Speaker[];
  readonly pages: AsyncIterable<readonly Segment[]>;
}

export function nameOf(speakers: readonly Speaker[], segment: Segment): string {
  return speakers.find(({ id }) => id === segment.speakerId)?.name ?? 'Speaker';
}

/** One line: a break inside a corrected text would end a cue or look like a new speaker. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
