import { Readable } from 'node:stream';
import type { ExportFormat } from '@auscult/contracts';
import { Injectable } from '@nestjs/common';
import { fileNameOf } from '../file-name.js';
import { RecordingRepository } from '../recording.repository.js';
import { TranscriptRepository } from '../transcript.repository.js';
import type { ExportedTranscript } from './exported-transcript.js';
import { jsonExport } from './json-export.js';
import { subripExport } from './subrip-export.js';
import { textExport } from './text-export.js';
import { webvttExport } from './webvtt-export.js';
import { wordDocumentExport } from './word-document-export.js';

const writers: Record<Exclude<ExportFormat, 'docx'>, (transcript: ExportedTranscript) => AsyncIterable<string>> = {
  txt: textExport,
  srt: subripExport,
  vtt: webvttExport,
  json: jsonExport,
};

/** Transcripts as files, as far as they are written at that moment. */
@Injectable()
export class TranscriptExports {
  constructor(
    private readonly recordings: RecordingRepository,
    private readonly transcripts: TranscriptRepository,
  ) {}

  /** @throws ProblemError `not-found` */
  async export(ownerId: string, id: string, format: ExportFormat): Promise<{ fileName: string; body: Readable }> {
    const recording = await this.recordings.owned(ownerId, id);
    const speakers = await this.transcripts.speakers(id);
    const transcript = { recording, speakers, pages: this.transcripts.inPages(id) };
    const fileName = fileNameOf(recording.title, `.${format}`);
    const body = format === 'docx' ? Readable.from([await wordDocumentExport(transcript)]) : Readable.from(encoded(writers[format](transcript)));
    return { fileName, body };
  }
}

async function* encoded(texts: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const text of texts) yield Buffer.from(text);
}
