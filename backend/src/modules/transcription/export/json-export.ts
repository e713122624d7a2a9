import { recordingView, segmentView, speakerView } from '../views.js';
import type { ExportedTranscript } from './exported-transcript.js';

/** A `TranscriptExport` of the contracts, written segment by segment. */
export async function* jsonExport({ recording, speakers, pages }: ExportedTranscript): AsyncGenerator<string> {
  const head = { recording: recordingView(recording), recordingId: recording.id, engine: recording.engine, speakers: speakers.map(speakerView) };
  yield `${JSON.stringify(head).slice(0, -1)},"segments":[`;
  let separator = '\n';
  for await (const page of pages) {
    for (const segment of page) {
      yield `${separator}${JSON.stringify(segmentView(segment))}`;
      separator = ',\n';
    }
  }
  yield '\n]}\n';
}
