import { type SegmentHistoryView, type SegmentView, type SpeakerView, TranscriptExport, exportMediaTypes } from '@auscult/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TranscriptionStack } from '../../../../test/transcription/transcription-stack.js';
import { Watcher } from '../../../../test/transcription/watcher.js';
import { type Written, writtenRecording } from '../../../../test/transcription/written-recording.js';

let stack: TranscriptionStack;
let written: Written;
let path: string;
beforeAll(async () => {
  stack = await TranscriptionStack.start();
});
afterAll(() => stack.close());
beforeEach(async () => {
  written = await writtenRecording(stack, ['Good mourning Ann', 'Hello doctor', 'How are you today']);
  path = `/api/recordings/${written.id}`;
});

const firstSegment = () => `${path}/segments/${written.segments[0]?.id}`;
const correct = (body: object) => stack.people.owner.patch<SegmentView>(firstSegment(), body);

describe('the transcript', () => {
  it('has speakers and segments by start time', async () => {
    const transcript = await stack.people.owner.transcript(written.id);
    expect(transcript).toMatchObject({ recordingId: written.id, engine: 'fake' });
    expect(transcript.speakers).toMatchObject([{ position: 0, name: 'Speaker 1', channel: 0 }, { position: 1, name: 'Speaker 2', channel: 1 }]);
    expect(transcript.segments.map(({ text, startMs, revision }) => [text, startMs, revision])).toEqual([
      ['Good mourning Ann', 0, 0], ['Hello doctor', 5000, 0], ['How are you today', 10_000, 0],
    ]);
    expect(transcript.segments[0]?.words[1]).toEqual({ text: 'mourning', startMs: 400, endMs: 700 });
  });
});

describe('a correction', () => {
  it('is kept, counted, told to watchers, and can be undone', async () => {
    const { owner } = stack.people;
    const page = await Watcher.connect(owner);
    await page.ask('transcript:watch', { recordingId: written.id });
    const { status, body } = await correct({ expectedRevision: 0, text: 'Good morning dear Ann' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ text: 'Good morning dear Ann', revision: 1, wordTiming: 'estimated' });
    expect(body.correctedAt).not.toBeNull();
    expect(await page.event('transcript:segments')).toEqual({ recordingId: written.id, segments: [body] });
    page.close();
    expect((await owner.recording(written.id)).body.wordCount).toBe(10);

    const undone = (await correct({ expectedRevision: 1, text: 'Good mourning Ann' })).body;
    expect(undone).toMatchObject({ revision: 2, words: written.segments[0]?.words });
    expect((await owner.recording(written.id)).body.wordCount).toBe(9);
    const { revisions } = (await owner.get<SegmentHistoryView>(`${firstSegment()}/history`)).body;
    expect(revisions.map(({ revision, text, authorName }) => [revision, text, authorName])).toEqual([
      [2, 'Good mourning Ann', 'Dr. Clara Curie'], [1, 'Good morning dear Ann', 'Dr. Clara Curie'], [0, 'Good mourning Ann', null],
    ]);
  });

  it('answers conflict to whoever saw an older state, and one of two at once wins', async () => {
    const answers = await Promise.all(['one', 'two', 'three'].map((text) => correct({ expectedRevision: 0, text })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect(answers.filter(({ status }) => status === 409)[0]?.body).toMatchObject({ code: 'conflict' });
    const { revisions } = (await stack.people.owner.get<SegmentHistoryView>(`${firstSegment()}/history`)).body;
    expect(revisions).toHaveLength(2);
  });

  it('gives a segment to another speaker of this recording only', async () => {
    const other = await writtenRecording(stack, ['Other']);
    expect((await correct({ expectedRevision: 0, speakerId: written.speakers[1]?.id })).body).toMatchObject({ speakerId: written.speakers[1]?.id, revision: 1 });
    expect(await correct({ expectedRevision: 1, speakerId: other.speakers[0]?.id })).toMatchObject({ status: 404 });
    expect(await stack.people.owner.patch(`${path}/segments/${other.segments[0]?.id}`, { expectedRevision: 0, text: 'x' })).toMatchObject({ status: 404 });
  });

  it('may empty a text, changes nothing when nothing differs, and refuses nonsense', async () => {
    expect((await correct({ expectedRevision: 0, text: 'Good mourning Ann' })).body.revision).toBe(0);
    expect((await correct({ expectedRevision: 0, text: '  ' })).body).toMatchObject({ text: '', words: [], revision: 1 });
    for (const body of [{}, { expectedRevision: 1 }, { expectedRevision: -1, text: 'x' }, { expectedRevision: 1, text: 5 }, { expectedRevision: 1, text: 'x'.repeat(20_001) }]) {
      expect(await correct(body)).toMatchObject({ status: 400, body: { code: 'request-invalid' } });
    }
    expect((await correct({ expectedRevision: 1, text: 'a\u0000b' })).status).toBe(400);
  });

  it('has the recogniser\'s own text as history before the first change', async () => {
    const { revisions } = (await stack.people.owner.get<SegmentHistoryView>(`${firstSegment()}/history`)).body;
    expect(revisions).toMatchObject([{ revision: 0, text: 'Good mourning Ann', authorName: null, speakerId: written.speakers[0]?.id }]);
  });
});

describe('speakers', () => {
  it('are renamed and added, and watchers are told', async () => {
    const { owner } = stack.people;
    const page = await Watcher.connect(owner);
    await page.ask('transcript:watch', { recordingId: written.id });
    const renamed = await owner.patch<SpeakerView>(`${path}/speakers/${written.speakers[0]?.id}`, { name: ' Dr. Curie ' });
    expect(renamed.body).toMatchObject({ name: 'Dr. Curie', channel: 0, position: 0 });
    const added = await owner.post<SpeakerView>(`${path}/speakers`, { name: 'Mother' });
    expect(added).toMatchObject({ status: 201, body: { name: 'Mother', channel: null, position: 2 } });
    const { speakers } = await page.event('transcript:speakers', (payload) => payload.speakers.length === 3);
    expect(speakers.map(({ name }) => name)).toEqual(['Dr. Curie', 'Speaker 2', 'Mother']);
    page.close();
    expect((await correct({ expectedRevision: 0, speakerId: added.body.id })).status).toBe(200);
  });

  it('get different positions when two are added at once', async () => {
    const { owner } = stack.people;
    const added = await Promise.all(['A', 'B', 'C'].map((name) => owner.post<SpeakerView>(`${path}/speakers`, { name })));
    expect(added.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(added.map(({ body }) => body.position).sort()).toEqual([2, 3, 4]);
  });
});

describe('exports', () => {
  it.each(['txt', 'srt', 'vtt', 'docx', 'json'] as const)('come as %s files named after the title', async (format) => {
    await stack.people.owner.patch(path, { title: 'Gespräch: 1/2' });
    const { status, headers, body } = await stack.people.owner.get<unknown>(`${path}/export?format=${format}`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe(exportMediaTypes[format]);
    expect(headers.get('content-disposition')).toBe(`attachment; filename="Gespra_ch 1 2.${format}"; filename*=UTF-8''Gespr%C3%A4ch%201%202.${format}`);
    if (format === 'json') expect(TranscriptExport.parse(body).segments).toHaveLength(3);
    else if (format === 'docx') expect(String(body).startsWith('PK')).toBe(true);
    else expect(body).toContain('Hello doctor');
  });

  it('hold every segment of a long transcript once', async () => {
    const texts = Array.from({ length: 1203 }, (_, index) => `utterance number ${index}`);
    const { id } = await writtenRecording(stack, texts);
    const { body } = await stack.people.owner.get<string>(`/api/recordings/${id}/export?format=txt`);
    expect([...body.matchAll(/utterance number (\d+)$/gm)].map(([, number]) => Number(number))).toEqual(texts.map((_, index) => index));
  });

  it('refuse a format that is not known', async () => {
    for (const query of ['', '?format=pdf', '?format=']) expect(await stack.people.owner.get(`${path}/export${query}`)).toMatchObject({ status: 400 });
  });
});
