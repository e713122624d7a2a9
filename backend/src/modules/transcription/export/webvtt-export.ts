import { clockWithMilliseconds } from './clock.js';
import { cuesInOrder } from './cues.js';
import { type ExportedTranscript, nameOf, oneLine } from './exported-transcript.js';

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** WebVTT (https://www.w3.org/TR/webvtt1/): each cue names its speaker in a voice tag. */
export async function* webvttExport({ speakers, pages }: ExportedTranscript): AsyncGenerator<string> {
  yield 'WEBVTT\n\n';
  for await (const { segment, startMs, endMs, lines } of cuesInOrder(pages)) {
    const times = `${clockWithMilliseconds(startMs, '.')} --> ${clockWithMilliseconds(endMs, '.')}`;
    const text = lines.map(escape).join('\n');
    yield `${times}\n<v ${escape(oneLine(nameOf(speakers, segment)))}>${text}</v>\n\n`;
  }
}

function escape(text: string): string {
  return text.replace(/[&<>]/g, (char) => escapes[char] ?? char);
}
