import type { AudioLinkBody, AudioLinkView, MarkersView, RecordingPage, RecordingStatus, RecordingView, UpdateRecordingBody, UploadLimitsView, WaveformView } from '@auscult/contracts';
import type { RequestOptions, Transport } from './transport.js';
import type { PageRequest } from './users-routes.js';

export interface RecordingSearch extends PageRequest {
  /** A part of the title, in any case. */
  search?: string;
  status?: RecordingStatus;
}

export interface UploadOptions extends RequestOptions {
  fileName?: string;
  title?: string;
}

export class RecordingsRoutes {
  constructor(private readonly transport: Transport) {}

  /** Newest first. */
  list(query: RecordingSearch = {}, options?: RequestOptions): Promise<RecordingPage> {
    return this.transport.json('RecordingPage', { method: 'GET', path: '/recordings', query: { ...query }, ...options });
  }

  /** What this server accepts, to refuse a file before it is sent. */
  limits(options?: RequestOptions): Promise<UploadLimitsView> {
    return this.transport.json('UploadLimitsView', { method: 'GET', path: '/recordings/limits', ...options });
  }

  get(id: string, options?: RequestOptions): Promise<RecordingView> {
    return this.transport.json('RecordingView', { method: 'GET', path: `/recordings/${id}`, ...options });
  }

  update(id: string, body: UpdateRecordingBody): Promise<RecordingView> {
    return this.transport.json('RecordingView', { method: 'PATCH', path: `/recordings/${id}`, body });
  }

  /** Stops the transcription; what was written so far stays. */
  cancel(id: string): Promise<RecordingView> {
    return this.transport.json('RecordingView', { method: 'POST', path: `/recordings/${id}/cancel` });
  }

  /** Continues after the last saved segment; a completed upload is transcribed anew, a completed live session heard a second time. */
  retry(id: string): Promise<RecordingView> {
    return this.transport.json('RecordingView', { method: 'POST', path: `/recordings/${id}/retry` });
  }

  /** Destroys the audio and the transcript. */
  delete(id: string): Promise<void> {
    return this.transport.done({ method: 'DELETE', path: `/recordings/${id}` });
  }

  /** A link that plays or saves the audio without a token, for minutes. Its `url` is absolute here. */
  async audioLink(id: string, disposition: AudioLinkBody['disposition'] = 'inline', options?: RequestOptions): Promise<AudioLinkView> {
    const link = await this.transport.json('AudioLinkView', { method: 'POST', path: `/recordings/${id}/audio-link`, body: { disposition }, ...options });
    return { ...link, url: this.transport.url(link.url) };
  }

  /** Problem `not-found` until the transcription is complete. */
  waveform(id: string, options?: RequestOptions): Promise<WaveformView> {
    return this.transport.json('WaveformView', { method: 'GET', path: `/recordings/${id}/waveform`, ...options });
  }

  /** Markers, pauses and what is off the record, in their order in time. */
  markers(id: string, options?: RequestOptions): Promise<MarkersView> {
    return this.transport.json('MarkersView', { method: 'GET', path: `/recordings/${id}/markers`, ...options });
  }

  /** Ends a live session whose sender does not come back, with what the server has; problem `recording-state` when it is not live. */
  finish(id: string): Promise<RecordingView> {
    return this.transport.json('RecordingView', { method: 'POST', path: `/recordings/${id}/finish` });
  }

  /** A whole file in one request, for scripts; pages use the resumable uploads (`uploads`). */
  upload(file: Blob, { fileName, title, signal }: UploadOptions = {}): Promise<RecordingView> {
    const form = new FormData();
    if (title !== undefined) form.set('title', title);
    form.set('file', file, fileName ?? 'recording');
    return this.transport.json('RecordingView', { method: 'POST', path: '/recordings', body: form, signal });
  }
}
