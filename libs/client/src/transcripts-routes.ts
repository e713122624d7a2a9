import type { CorrectSegmentBody, ExportFormat, SegmentHistoryView, SegmentView, SpeakerBody, SpeakerView, TranscriptView } from '@auscult/contracts';
import type { RequestOptions, Transport } from './transport.js';

/** A file made by the server, in memory. */
export interface ExportedFile {
  blob: Blob;
  /** As the server names it; null when it does not. */
  fileName: string | null;
}

export class TranscriptsRoutes {
  constructor(private readonly transport: Transport) {}

  get(recordingId: string, options?: RequestOptions): Promise<TranscriptView> {
    return this.transport.json('TranscriptView', { method: 'GET', path: `/recordings/${recordingId}/transcript`, ...options });
  }

  /** Problem `conflict` when the segment has another revision than `expectedRevision`. */
  correct(recordingId: string, segmentId: string, body: CorrectSegmentBody): Promise<SegmentView> {
    return this.transport.json('SegmentView', { method: 'PATCH', path: `/recordings/${recordingId}/segments/${segmentId}`, body });
  }

  /** Every kept state, newest first. */
  history(recordingId: string, segmentId: string, options?: RequestOptions): Promise<SegmentHistoryView> {
    return this.transport.json('SegmentHistoryView', { method: 'GET', path: `/recordings/${recordingId}/segments/${segmentId}/history`, ...options });
  }

  addSpeaker(recordingId: string, body: SpeakerBody): Promise<SpeakerView> {
    return this.transport.json('SpeakerView', { method: 'POST', path: `/recordings/${recordingId}/speakers`, body });
  }

  renameSpeaker(recordingId: string, speakerId: string, body: SpeakerBody): Promise<SpeakerView> {
    return this.transport.json('SpeakerView', { method: 'PATCH', path: `/recordings/${recordingId}/speakers/${speakerId}`, body });
  }

  async export(recordingId: string, format: ExportFormat, options?: RequestOptions): Promise<ExportedFile> {
    const response = await this.transport.send({ method: 'GET', path: `/recordings/${recordingId}/export`, query: { format }, ...options });
    return { blob: await response.blob(), fileName: fileNameOf(response.headers.get('content-disposition')) };
  }
}

/** RFC 6266: `filename*` (UTF-8, percent-encoded) before `filename`. */
export function fileNameOf(disposition: string | null): string | null {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? '')?.[1];
  if (encoded !== undefined) {
    try {
      return decodeURIComponent(encoded.trim());
    } catch {
      // A malformed escape: the plain name below is there for this.
    }
  }
  return /filename="([^"]*)"/i.exec(disposition ?? '')?.[1] ?? /filename=([^;"]+)/i.exec(disposition ?? '')?.[1]?.trim() ?? null;
}
