import { TestBed } from '@angular/core/testing';
import { ProblemError, UnreachableError } from '@auscult/client';
import type { RecordingView, ServerEventName, SpeakerView, TranscriptView } from '@auscult/contracts';
import { AUSCULT_CLIENT } from '../../core/auscult-client.token';
import { Realtime } from '../../core/realtime';
import { aRecording, aSegment, aSpeaker } from './testing/samples';
import { TranscriptStore } from './transcript.store';
import { TranscriptSync } from './transcript-sync';

const one = aSegment({ id: 'a', text: 'one' });
const two = aSegment({ id: 'b', text: 'two', startMs: 2000 });

describe('TranscriptSync', () => {
  let rows: { recording: RecordingView; segments: (typeof one)[] };
  let speakers: SpeakerView[];
  let readings: number;
  let gate: Promise<void>;
  let fail: (() => Error) | null;
  let confirmWatch: () => void;
  let connect: () => void;
  let listeners: Partial<Record<ServerEventName, (payload: unknown) => void>>;
  let store: TranscriptStore;
  let sync: TranscriptSync;

  const tell = (event: ServerEventName, payload: unknown) => listeners[event]?.(payload);
  const settled = () => jest.advanceTimersByTimeAsync(0);

  beforeEach(() => {
    jest.useFakeTimers();
    rows = { recording: aRecording({ status: 'transcribing', wordCount: 1 }), segments: [one] };
    speakers = [aSpeaker()];
    readings = 0;
    gate = Promise.resolve();
    fail = null;
    listeners = {};
    const read = async <T>(answer: () => T): Promise<T> => {
      const now = answer();
      await gate;
      if (fail) throw fail();
      return now;
    };
    const client = {
      recordings: { get: () => read(() => rows.recording) },
      transcripts: {
        get: () => {
          readings += 1;
          return read((): TranscriptView => ({ recordingId: 'recording-1', engine: 'fake', speakers, segments: [...rows.segments] }));
        },
      },
    };
    const realtime = {
      on: (event: ServerEventName, listener: (payload: unknown) => void) => (listeners[event] = listener),
      onConnect: (listener: () => void) => (connect = listener),
      watchTranscript: () => ({ ready: new Promise<void>((resolve) => (confirmWatch = resolve)), stop: () => undefined }),
    };
    TestBed.configureTestingModule({
      providers: [TranscriptStore, TranscriptSync, { provide: AUSCULT_CLIENT, useValue: client }, { provide: Realtime, useValue: realtime }],
    });
    store = TestBed.inject(TranscriptStore);
    sync = TestBed.inject(TranscriptSync);
  });
  afterEach(() => {
    TestBed.resetTestingModule();
    jest.useRealTimers();
  });

  const ids = () => store.segments().map(({ id }) => id);

  it('reads the rows, and once more when the watch is confirmed', async () => {
    sync.start('recording-1');
    expect(store.loadState().kind).toBe('loading');
    await settled();
    expect(ids()).toEqual(['a']);
    rows.segments.push(two);
    confirmWatch();
    await settled();
    expect(ids()).toEqual(['a', 'b']);
    expect(readings).toBe(2);
  });

  it('reads once more also when it has been completed between its reading and the watch', async () => {
    sync.start('recording-1');
    await settled();
    rows = { recording: aRecording({ status: 'completed', wordCount: 2 }), segments: [one, two] };
    tell('recording:changed', { recording: rows.recording });
    confirmWatch();
    await settled();
    expect(ids()).toEqual(['a', 'b']);
  });

  it('has the lines of all words that the row counts', async () => {
    let open: () => void = () => undefined;
    gate = new Promise((resolve) => (open = resolve));
    rows.recording = aRecording({ status: 'completed', wordCount: 2 });
    sync.start('recording-1');
    await settled();
    rows.segments.push(two);
    open();
    await settled();
    expect(ids()).toEqual(['a', 'b']);
  });

  it('applies events, of its own recording only', async () => {
    sync.start('recording-1');
    await settled();
    tell('transcript:segments', { recordingId: 'other', segments: [two] });
    expect(ids()).toEqual(['a']);
    tell('transcript:segments', { recordingId: 'recording-1', segments: [two] });
    expect(ids()).toEqual(['a', 'b']);
    tell('transcript:reset', { recordingId: 'recording-1' });
    expect(ids()).toEqual([]);
  });

  it('keeps an event that is newer than the answer under way', async () => {
    let open: () => void = () => undefined;
    gate = new Promise((resolve) => (open = resolve));
    sync.start('recording-1');
    await settled();
    tell('transcript:segments', { recordingId: 'recording-1', segments: [two, { ...one, text: 'corrected', revision: 1 }] });
    open();
    await settled();
    expect(store.segments().map(({ text }) => text)).toEqual(['corrected', 'two']);
  });

  it('asks again when the transcript started anew during a reading', async () => {
    let open: () => void = () => undefined;
    gate = new Promise((resolve) => (open = resolve));
    sync.start('recording-1');
    await settled();
    rows.segments = [];
    tell('transcript:reset', { recordingId: 'recording-1' });
    open();
    await settled();
    expect(ids()).toEqual([]);
    expect(readings).toBe(2);
  });

  it('reads again with every connection', async () => {
    sync.start('recording-1');
    await settled();
    rows.segments.push(two);
    connect();
    await settled();
    expect(ids()).toEqual(['a', 'b']);
  });

  it('notices that words are missing, and not when the segments come a little later', async () => {
    sync.start('recording-1');
    await settled();
    const recording = aRecording({ status: 'transcribing', wordCount: 2 });
    tell('recording:changed', { recording });
    tell('transcript:segments', { recordingId: 'recording-1', segments: [two] });
    await jest.advanceTimersByTimeAsync(5_000);
    expect(readings).toBe(1);

    const three = aSegment({ id: 'c', text: 'three', startMs: 3000 });
    rows = { recording: { ...recording, wordCount: 3 }, segments: [one, two, three] };
    tell('recording:changed', { recording: rows.recording });
    await jest.advanceTimersByTimeAsync(5_000);
    expect(readings).toBe(2);
    expect(ids()).toEqual(['a', 'b', 'c']);
  });

  it('asks for a speaker that it does not know', async () => {
    sync.start('recording-1');
    await settled();
    const stranger = aSegment({ id: 'x', speakerId: 'speaker-9', startMs: 5000 });
    rows.segments.push(stranger);
    speakers = [aSpeaker(), aSpeaker({ id: 'speaker-9', position: 1 })];
    tell('transcript:segments', { recordingId: 'recording-1', segments: [stranger] });
    await jest.advanceTimersByTimeAsync(5_000);
    expect(readings).toBe(2);
    expect(store.speakers().map(({ id }) => id)).toEqual(['speaker-1', 'speaker-9']);
  });

  it('reads again when the watch is confirmed before the first reading has ended', async () => {
    let open: () => void = () => undefined;
    gate = new Promise((resolve) => (open = resolve));
    sync.start('recording-1');
    confirmWatch();
    await settled();
    rows.segments.push(two);
    open();
    await settled();
    expect(ids()).toEqual(['a', 'b']);
  });

  it('does not read for ever when the row counts otherwise', async () => {
    sync.start('recording-1');
    await settled();
    rows.recording = aRecording({ status: 'transcribing', wordCount: 9 });
    for (let time = 0; time < 3; time += 1) {
      tell('recording:changed', { recording: rows.recording });
      await jest.advanceTimersByTimeAsync(5_000);
    }
    expect(readings).toBe(2);
  });

  it('says when there is nothing, when it was deleted, and when it cannot be read', async () => {
    fail = () => new UnreachableError();
    sync.start('recording-1');
    await settled();
    expect(store.loadState().kind).toBe('failed');
    fail = () => new ProblemError({ type: '/problems/not-found', code: 'not-found', title: 'Nothing', status: 404 });
    await sync.read();
    expect(store.loadState()).toEqual({ kind: 'gone', deletedNow: false });
    tell('recording:deleted', { recordingId: 'recording-1' });
    expect(store.loadState()).toEqual({ kind: 'gone', deletedNow: true });
  });

  it('tries again when the first reading fails: a session on air has no button for it', async () => {
    fail = () => new UnreachableError();
    sync.start('recording-1');
    await settled();
    expect(store.loadState().kind).toBe('failed');
    fail = null;
    await jest.advanceTimersByTimeAsync(3_000);
    expect([store.loadState().kind, ids()]).toEqual(['ready', ['a']]);
  });

  it('keeps what is shown when a later reading fails, and tries again', async () => {
    sync.start('recording-1');
    await settled();
    fail = () => new UnreachableError();
    connect();
    await settled();
    expect(store.loadState().kind).toBe('ready');
    fail = null;
    rows.segments.push(two);
    await jest.advanceTimersByTimeAsync(3_000);
    expect(ids()).toEqual(['a', 'b']);
  });
});
