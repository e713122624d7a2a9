import { clock, dateAndTime } from './clock.js';
import { type ExportedTranscript, nameOf, oneLine } from './exported-transcript.js';

/** Plain text: the title, the date, and one line for each segment: `[00:01:15] Speaker 1: Good morning.` */
export async function* textExport({ recording, speakers, pages }: ExportedTranscript): AsyncGenerator<string> {
  yield `${oneLine(recording.title)}\n${dateAndTime(recording.createdAt)}\n\n`;
  for await (const page of pages) {
    for (const segment of page) yield `[${clock(segment.startMs)}] ${oneLine(nameOf(speakers, segment))}: ${oneLine(segment.text)}\n`;
  }
}
