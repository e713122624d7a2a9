import type { Problem, RecordingPage, RecordingView, UploadLimitsView, WaveformView } from '@auscult/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../../test/index.js';
import { tonesWav } from '../../../../test/transcription/tones.js';
import { TranscriptionStack } from '../../../../test/transcription/transcription-stack.js';
import { Watcher } from '../../../../test/transcription/watcher.js';
import { writtenRecording } from '../../../../test/transcription/written-recording.js';
import { StoredObject, Uploads } from '../../storage/index.js';
import { RecordingIntake } from '../recording-intake.service.js';
import { Recording } from '../recording.entity.js';
import { SegmentRevision } from '../segment-revision.entity.js';
import { Segment } from '../segment.entity.js';

let stack: TranscriptionStack;
beforeAll(async () => {
  stack = await TranscriptionStack.start();
});
afterAll(() => stack.close());

const invalid = (path: string) => ({ status: 400, body: { code: 'request-invalid', issues: [expect.objectContaining({ path })] } });
const rows = () => stack.em.count(Recording, {});

describe('POST /api/recordings', () => {
  it('takes a recording in and tells the owner\'s pages', async () => {
    const { owner } = stack.people;
    const page = await Watcher.connect(owner);
    const wav = tonesWav(2);
    const { status, body } = await owner.upload(wav, 'my_session 1.wav');
    expect(status).toBe(201);
    expect(body).toMatchObject({
      title: 'my session 1', status: 'queued', sizeBytes: wav.length, progress: 0, durationMs: null, failure: null, notices: [], wordCount: 0,
    });
    expect(body.mediaType).toMatch(/^audio\/(x-)?wav$|^audio\/vnd\.wave$/);
    expect((await owner.recording(body.id)).body).toEqual(body);
    const event = await page.event('recording:changed', ({ recording }) => recording.id === body.id);
    expect(event.recording).toEqual(body);
    page.close();
  });

  it('takes the title wherever it stands in the form', async () => {
    const { owner } = stack.people;
    expect((await owner.upload(tonesWav(1), 'a.wav', ' Intake talk ')).body.title).toBe('Intake talk');
    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(tonesWav(1))]), 'b.wav');
    form.set('title', 'Behind the file');
    expect((await owner.upload(form)).body.title).toBe('Behind the file');
  });

  it.each([
    ['../../../etc/cron.d/evil.wav', 'evil'],
    ['..\\..\\windows\\evil.wav', 'evil'],
    ['/dev/null', 'null'],
    ['%2e%2e%2fx.wav', '%2e%2e%2fx'],
    ['.wav', 'Recording'],
  ])('makes no path of the file name %s', async (fileName, title) => {
    const { status, body } = await stack.people.owner.upload(tonesWav(1), fileName);
    expect(status).toBe(201);
    expect(body.title).toBe(title);
  });

  it('believes the content and not the name', async () => {
    const { status, body } = await stack.people.owner.upload(tonesWav(1), 'report.pdf');
    expect(status).toBe(201);
    expect(body.mediaType).toMatch(/wav|wave/);
  });

  it.each([
    ['text', Buffer.from('Dear colleague, thank you for referring this patient.\n'.repeat(50)), 'letter.wav'],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d4948445200000001000000010806000000', 'hex'), 'photo.mp3'],
    ['a web page', Buffer.from('<!doctype html><script>alert(1)</script>'.repeat(20)), 'page.wav'],
    ['a program', Buffer.concat([Buffer.from('7f454c46020101', 'hex'), Buffer.alloc(500)]), 'tool.wav'],
  ])('refuses %s and leaves nothing behind', async (_what, content, fileName) => {
    const before = await rows();
    const { status, body } = await stack.people.owner.upload<Problem>(content, fileName);
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'audio-unreadable' });
    expect(await rows()).toBe(before);
    expect(await stack.em.count(StoredObject, { state: 'stored' })).toBe(before);
  });

  it('refuses an empty file', async () => {
    const { status, body } = await stack.people.owner.upload<Problem>(Buffer.alloc(0), 'empty.wav');
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'upload-empty' });
  });

  it('refuses a form without a file, with two files, with a wrong title, and what is no form', async () => {
    const { owner } = stack.people;
    const before = await rows();
    const none = new FormData();
    none.set('title', 'x');
    expect(await owner.upload<Problem>(none)).toMatchObject(invalid('file'));
    const two = new FormData();
    two.append('file', new Blob([new Uint8Array(tonesWav(1))]), 'a.wav');
    two.append('file', new Blob([new Uint8Array(tonesWav(1))]), 'b.wav');
    expect(await owner.upload<Problem>(two)).toMatchObject({ status: 400, body: { code: 'request-invalid' } });
    expect(await owner.upload<Problem>(tonesWav(1), 'a.wav', 'x'.repeat(201))).toMatchObject(invalid('title'));
    for (const title of ['x'.repeat(201), 'a\0b']) {
      const behind = new FormData();
      behind.append('file', new Blob([new Uint8Array(tonesWav(1))]), 'a.wav');
      behind.append('title', title);
      expect(await owner.upload<Problem>(behind)).toMatchObject({ status: 400, body: { code: 'request-invalid' } });
    }
    expect(await owner.post('/api/recordings', { file: 'x' })).toMatchObject({ status: 415, body: { code: 'media-type-unsupported' } });
    expect(await rows()).toBe(before);
  });

  it.each([
    ['in the middle of the file', '', async () => (await stack.em.count(StoredObject, { state: 'uploading' })) === 1],
    ['between the file and the title', '\r\n--cut\r\nContent-Disposition: form-data; name="title"\r\n\r\nHal', async (before: number) => (await rows()) === before + 1],
  ])('leaves nothing behind when the sender goes away %s', async (_when, after, hasCome) => {
    const before = await rows();
    const abort = new AbortController();
    async function* broken() {
      yield Buffer.from('--cut\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n');
      yield tonesWav(5);
      yield Buffer.from(after);
      await eventually(() => hasCome(before));
      abort.abort();
      await new Promise(() => undefined);
    }
    const sent = fetch(`${stack.url}/api/recordings`, {
      method: 'POST', signal: abort.signal, duplex: 'half', body: broken(),
      headers: { authorization: `Bearer ${stack.people.owner.token}`, 'content-type': 'multipart/form-data; boundary=cut' },
    } as unknown as RequestInit);
    await expect(sent).rejects.toThrow();
    await eventually(async () => (await stack.em.count(StoredObject, { state: 'uploading' })) === 0 && (await rows()) === before);
  });
});

describe('intake', () => {
  it('makes one recording of an upload that is told twice', async () => {
    const { id } = (await stack.people.owner.upload(tonesWav(1), 'twice.wav', 'Once')).body;
    const upload = { id, ownerId: stack.people.owner.userId ?? '', fileName: 'twice.wav', title: 'Other', mediaType: 'audio/wav', sizeBytes: 1 };
    const intake = stack.get(RecordingIntake);
    await Promise.all([intake.take(upload), intake.take(upload), intake.take(upload)]);
    expect(await stack.em.count(Recording, { id })).toBe(1);
    expect((await stack.people.owner.recording(id)).body.title).toBe('Once');
    expect(stack.get(Uploads)).toBeDefined();
  });
});

describe('GET /api/recordings', () => {
  it('shows the owner\'s, newest first, by title and status, page by page', async () => {
    const { owner, intruder } = stack.people;
    for (const title of ['Zebra 100%', 'zebra_two', 'Zebra three']) await owner.upload(tonesWav(1), 'z.wav', title);
    const list = async (query: string, who = owner) => (await who.get<RecordingPage>(`/api/recordings?${query}`)).body;
    expect((await list('search=ZEBRA')).items.map(({ title }) => title)).toEqual(['Zebra three', 'zebra_two', 'Zebra 100%']);
    expect((await list('search=100%25')).items.map(({ title }) => title)).toEqual(['Zebra 100%']);
    expect((await list('search=a_t')).items.map(({ title }) => title)).toEqual(['zebra_two']);
    expect(await list('search=zebra&pageSize=2&page=2')).toMatchObject({ items: [{ title: 'Zebra 100%' }], total: 3, page: 2, pageSize: 2 });
    expect(await list('search=zebra&status=completed')).toMatchObject({ items: [], total: 0 });
    expect((await list('search=zebra&status=queued')).total).toBe(3);
    expect(await list('', intruder)).toMatchObject({ items: [], total: 0 });
  });

  it('refuses a query that makes no sense', async () => {
    for (const query of ['page=0', 'page=x', 'pageSize=101', 'status=done', `search=${'x'.repeat(201)}`]) {
      expect(await stack.people.owner.get(`/api/recordings?${query}`)).toMatchObject({ status: 400, body: { code: 'request-invalid' } });
    }
    const { status } = await stack.people.owner.get('/api/recordings?search=%00');
    expect(status).toBe(400);
  });

  it('tells its limits', async () => {
    const { body } = await stack.people.owner.get<UploadLimitsView>('/api/recordings/limits');
    expect(body.maxUploadBytes).toBeGreaterThan(0);
    expect(body.acceptedExtensions).toContain('.m4a');
  });
});

describe('one recording', () => {
  it('is renamed', async () => {
    const { id } = await writtenRecording(stack, ['Hello']);
    const { owner } = stack.people;
    expect((await owner.patch<RecordingView>(`/api/recordings/${id}`, { title: ' New title ' })).body.title).toBe('New title');
    for (const title of ['', '   ', 'x'.repeat(201), 5, null]) expect(await owner.patch(`/api/recordings/${id}`, { title })).toMatchObject(invalid('title'));
    expect((await owner.recording(id)).body.title).toBe('New title');
  });

  it('has a waveform once it is transcribed', async () => {
    const { owner } = stack.people;
    const { id } = await writtenRecording(stack, ['Hello']);
    expect((await owner.get<WaveformView>(`/api/recordings/${id}/waveform`)).body).toEqual({ binMs: 20, peaks: [[0, 100, 255], [1, 2, 3]] });
    const fresh = (await owner.upload(tonesWav(1))).body;
    expect(await owner.get(`/api/recordings/${fresh.id}/waveform`)).toMatchObject({ status: 409, body: { code: 'recording-state' } });
  });

  it('gives a link that plays ranges without a token', async () => {
    const { owner, nobody } = stack.people;
    const wav = tonesWav(1);
    const { id } = (await owner.upload(wav, 'x.wav', 'Séance "1"')).body;
    const link = (await owner.post<{ url: string; mediaType: string }>(`/api/recordings/${id}/audio-link`, { disposition: 'attachment' })).body;
    const response = await fetch(`${nobody.url}${link.url}`, { headers: { range: 'bytes=4-11' } });
    expect(response.status).toBe(206);
    expect(Buffer.from(await response.arrayBuffer()).equals(wav.subarray(4, 12))).toBe(true);
    expect(response.headers.get('content-disposition')).toContain("filename*=UTF-8''S%C3%A9ance%201.wav");
  });

  it('is cancelled and retried in the states that allow it', async () => {
    const { owner } = stack.people;
    const { id } = (await owner.upload(tonesWav(1))).body;
    expect((await owner.post<RecordingView>(`/api/recordings/${id}/cancel`)).body.status).toBe('cancelled');
    expect(await owner.post(`/api/recordings/${id}/cancel`)).toMatchObject({ status: 409, body: { code: 'recording-state' } });
    expect((await owner.post<RecordingView>(`/api/recordings/${id}/retry`)).body.status).toBe('queued');
    expect(await owner.post(`/api/recordings/${id}/retry`)).toMatchObject({ status: 409, body: { code: 'recording-state' } });
  });

  it('starts anew when it was complete, and keeps the names of its speakers', async () => {
    const { owner } = stack.people;
    const { id, speakers } = await writtenRecording(stack, ['Hello', 'there']);
    await owner.patch(`/api/recordings/${id}/speakers/${speakers[0]?.id}`, { name: 'Ann' });
    const page = await Watcher.connect(owner);
    expect(await page.ask('transcript:watch', { recordingId: id })).toEqual({ ok: true });
    const { body } = await owner.post<RecordingView>(`/api/recordings/${id}/retry`);
    expect(body).toMatchObject({ status: 'queued', transcribedMs: 0, wordCount: 0, completedAt: null, startedAt: null });
    expect(await page.event('transcript:reset')).toEqual({ recordingId: id });
    page.close();
    const transcript = await owner.transcript(id);
    expect(transcript.segments).toEqual([]);
    expect(transcript.speakers.map(({ name }) => name)).toEqual(['Ann', 'Speaker 2']);
  });

  it('does not start anew over corrections', async () => {
    const { owner } = stack.people;
    const { id, segments } = await writtenRecording(stack, ['Hello']);
    await owner.patch(`/api/recordings/${id}/segments/${segments[0]?.id}`, { expectedRevision: 0, text: 'Hallo' });
    expect(await owner.post(`/api/recordings/${id}/retry`)).toMatchObject({ status: 409, body: { code: 'recording-state' } });
    expect((await owner.transcript(id)).segments.map(({ text }) => text)).toEqual(['Hallo']);
    expect((await owner.recording(id)).body.status).toBe('completed');
  });

  it('is deleted with everything: rows, transcript, corrections, audio, links', async () => {
    const { owner } = stack.people;
    const { id, segments } = await writtenRecording(stack, ['Hello']);
    await owner.patch(`/api/recordings/${id}/segments/${segments[0]?.id}`, { expectedRevision: 0, text: 'Hallo' });
    const link = (await owner.post<{ url: string }>(`/api/recordings/${id}/audio-link`)).body;
    expect((await fetch(`${stack.url}${link.url}`)).status).toBe(200);
    const page = await Watcher.connect(owner);
    expect((await owner.delete(`/api/recordings/${id}`)).status).toBe(204);
    expect(await page.event('recording:deleted')).toEqual({ recordingId: id });
    page.close();
    expect((await owner.recording(id)).status).toBe(404);
    expect((await owner.delete(`/api/recordings/${id}`)).status).toBe(404);
    expect(await stack.em.count(Segment, { recordingId: id })).toBe(0);
    expect(await stack.em.count(SegmentRevision, { segmentId: segments[0]?.id ?? '' })).toBe(0);
    expect((await fetch(`${stack.url}${link.url}`)).status).toBe(404);
    expect(await stack.em.findOne(StoredObject, { id })).toMatchObject({ state: 'deleting', wrappedKey: null });
  });
});

