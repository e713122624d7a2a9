import { clockWithMilliseconds } from './clock.js';
import { cuesInOrder } from './cues.js';
import { type ExportedTranscript, nameOf, oneLine } from './exported-transcript.js';

/**
 * SubRip subtitles. The format knows no speakers: where there are several, a segment begins with the name. It has no escapes
 * either; an arrow in the text would read as a time line.
 */
export async function* subripExport({ speakers, pages }: ExportedTranscript): AsyncGenerator<string> {
  let number = 0;
  const cues = cuesInOrder(pages, (segment) => (speakers.length > 1 ? `${oneLine(nameOf(speakers, segment))}:` : ''));
  for await (const { startMs, endMs, lines } of cues) {
    number += 1;
    const text = lines.join('\n').replaceAll('-->', '->');
    yield `${number}\n${clockWithMilliseconds(startMs, ',')} --> ${clockWithMilliseconds(endMs, ',')}\n${text}\n\n`;
  }
}
