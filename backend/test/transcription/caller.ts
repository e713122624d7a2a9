import { readFile } from 'node:fs/promises';
import type { Problem, RecordingView, TranscriptView } from '@auscult/contracts';

export interface Answer<T = unknown> {
  status: number;
  body: T;
  headers: Headers;
}

/** Somebody at the REST API, signed in or not. */
export class Caller {
  constructor(
    readonly url: string,
    readonly token: string | null,
    readonly userId: string | null = null,
  ) {}

  get<T = Problem>(path: string): Promise<Answer<T>> {
    return this.send<T>('GET', path);
  }

  post<T = Problem>(path: string, body: unknown = {}): Promise<Answer<T>> {
    return this.send<T>('POST', path, body);
  }

  patch<T = Problem>(path: string, body: unknown): Promise<Answer<T>> {
    return this.send<T>('PATCH', path, body);
  }

  delete<T = Problem>(path: string): Promise<Answer<T>> {
    return this.send<T>('DELETE', path);
  }

  /** Multipart: the title first, unless the form is given ready. */
  async upload<T = RecordingView>(file: Uint8Array | Buffer | FormData, fileName = 'session.wav', title?: string): Promise<Answer<T>> {
    return this.fetch<T>('POST', '/api/recordings', file instanceof FormData ? file : formOf(file, fileName, title), {});
  }

  async uploadFile(path: string): Promise<Answer<RecordingView>> {
    return this.upload(await readFile(path), path);
  }

  recording(id: string): Promise<Answer<RecordingView>> {
    return this.get<RecordingView>(`/api/recordings/${id}`);
  }

  async transcript(id: string): Promise<TranscriptView> {
    return (await this.get<TranscriptView>(`/api/recordings/${id}/transcript`)).body;
  }

  send<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    return this.fetch<T>(method, path, sent, sent === undefined ? {} : { 'content-type': 'application/json' });
  }

  private async fetch<T>(method: string, path: string, body: string | FormData | undefined, headers: Record<string, string>): Promise<Answer<T>> {
    const authorization = this.token === null ? {} : { authorization: `Bearer ${this.token}` };
    const response = await fetch(`${this.url}${path}`, { method, headers: { ...headers, ...authorization }, ...(body === undefined ? {} : { body }) });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, body: (isJson ? JSON.parse(text) : text) as T, headers: response.headers };
  }
}

export function formOf(file: Uint8Array | Buffer, fileName: string, title?: string): FormData {
  const form = new FormData();
  if (title !== undefined) form.set('title', title);
  form.set('file', new Blob([new Uint8Array(file)]), fileName);
  return form;
}
