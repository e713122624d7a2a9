import { TestBed } from '@angular/core/testing';
import type { LivePartial, MarkerView, ServerEventName } from '@auscult/contracts';
import { AUSCULT_CLIENT } from '../../core/auscult-client.token';
import { Realtime } from '../../core/realtime';
import { LiveWords } from './live-words';
import { aRecording, aSegment, aSpeaker } from './testing/samples';
import { TranscriptStore } from './transcript.store';
import { TranscriptSync } from './transcript-sync';

const said = (given: Partial<LivePartial> = {}): LivePartial => ({ recordingId: 'recording-1', channel: 0, startMs: 5_000, endMs: 6_000, firm: 'How have', tentative: 'you been', ...given });
const marker = (id: string, atMs: number): MarkerView => ({ id, kind: 'marker', atMs, durationMs: null, label: null, createdAt: '2026-01-05T09:00:00.000Z' });

describe('LiveWords', () => {
  let listeners: Partial<Record<ServerEventName, (payload: unknown) => void>>;
  let connect: () => void;
  let markers: MarkerView[];
  const read = jest.fn(() => Promise.resolve());
  /** Call them when the rows have come. */
  let rowsCame: (() => void)[];
  const rowsCome = () => new Promise<void>((resolve) => rowsCame.push(resolve));
  let words: LiveWords;
  let store: TranscriptStore;

  beforeEach(() => {
    listeners = {};
    markers = [];
    rowsCame = [];
    read.mockClear();
    TestBed.configureTestingModule({
      providers: [
        LiveWords,
        TranscriptStore,
        { provide: TranscriptSync, useValue: { read, rowsCome } },
        { provide: AUSCULT_CLIENT, useValue: { recordings: { markers: () => new Promise((resolve) => setTimeout(() => resolve({ markers }))) } } },
        {
          provide: Realtime,
          useValue: {
            on: (event: ServerEventName, listener: (payload: unknown) => void) => (listeners[event] = listener),
            onConnect: (listener: () => void) => (connect = listener),
          },
        },
      ],
    });
    store = TestBed.inject(TranscriptStore);
    words = TestBed.inject(LiveWords);
    store.applyRecording(aRecording({ status: 'live', channelCount: 2 }));
    store.applySpeakers([aSpeaker({ name: 'Clinician' }), aSpeaker({ id: 'speaker-2', position: 1, channel: 1, name: 'Patient' })]);
    words.start('recording-1');
  });
  const shown = () => words.spokenNow().map(({ speakerName, firm, tentative }) => `${speakerName}: ${firm}|${tentative}`);
  const hear = (partial: LivePartial) => listeners['live:partial']?.(partial);

  it('shows what each channel says now, of this recording only', () => {
    hear(said({ recordingId: 'other' }));
    expect(shown()).toEqual([]);
    hear(said());
    hear(said({ channel: 1, startMs: 4_000, firm: '', tentative: 'Well' }));
    expect(shown()).toEqual(['Patient: |Well', 'Clinician: How have|you been']);
    hear(said({ firm: 'How have you been', tentative: '' }));
    expect(shown()[1]).toBe('Clinician: How have you been|');
    hear(said({ firm: '', tentative: '' }));
    expect(shown()).toEqual(['Patient: |Well']);
  });

  it('has the rows read anew when a line is told late that lies in what is off the record', () => {
    listeners['live:markers']?.({ recordingId: 'recording-1', markers: [{ ...marker('gone', 4_000), kind: 'off-record', durationMs: 60_000 }] });
    read.mockClear();
    const tell = (given: Partial<ReturnType<typeof aSegment>>) => listeners['transcript:segments']?.({ recordingId: 'recording-1', segments: [aSegment(given)] });
    tell({ startMs: 1_000, endMs: 4_000 });
    tell({ startMs: 64_000, endMs: 66_000 });
    expect(read).not.toHaveBeenCalled();
    tell({ startMs: 63_000, endMs: 66_000 });
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('gives way to the final of the same words, not to the one before nor to that of the other channel', () => {
    hear(said());
    store.applySegments([aSegment({ id: 'before', startMs: 1_000, endMs: 4_900 })]);
    store.applySegments([aSegment({ id: 'theirs', speakerId: 'speaker-2', startMs: 5_000, endMs: 7_000 })]);
    expect(shown()).toHaveLength(1);
    store.applySegments([aSegment({ id: 'final', startMs: 4_900, endMs: 7_000 })]);
    expect(shown()).toEqual([]);
  });

  const theirs = (number: number) => aSegment({ id: `theirs-${number}`, speakerId: 'speaker-2', startMs: 5_000 + number * 3_000, endMs: 7_000 + number * 3_000 });
  const theirTwenty = Array.from({ length: 20 }, (_, number) => theirs(number + 1));

  it('does not show again what was written, however much the other says after it', () => {
    hear(said());
    store.applySegments([aSegment({ id: 'final', startMs: 5_000, endMs: 7_000 })]);
    expect(shown()).toEqual([]);
    store.applySegments(theirTwenty);
    expect(shown()).toEqual([]);
    hear(said({ firm: 'How have you', tentative: 'been' }));
    expect(shown()).toEqual([]);
  });

  it('shows for as long as nothing of it is written what was begun before much that the other said', () => {
    hear(said());
    store.applySegments(theirTwenty);
    expect(shown()).toEqual(['Clinician: How have|you been']);
  });

  it('does not show again what was written, when its line is given to another speaker or goes', () => {
    store.applySpeakers([...store.speakers(), aSpeaker({ id: 'speaker-3', position: 2, channel: null, name: 'Mother' })]);
    for (const speakerId of ['speaker-2', 'speaker-3']) {
      hear(said());
      const final = aSegment({ id: `final-${speakerId}`, startMs: 5_000, endMs: 7_000 });
      store.applySegments([final]);
      expect(shown()).toEqual([]);
      store.applySegments([{ ...final, speakerId, revision: 1 }]);
      expect(shown()).toEqual([]);
      store.removeSegments([final.id]);
      expect(shown()).toEqual([]);
    }
  });

  it('takes every line of a session with one microphone for what that has heard', () => {
    store.applyRecording(aRecording({ status: 'live', channelCount: 1 }));
    store.applySpeakers([aSpeaker(), aSpeaker({ id: 'speaker-3', position: 1, channel: null, name: 'Mother' })]);
    hear(said());
    store.applySegments([aSegment({ id: 'final', speakerId: 'speaker-3', startMs: 5_000, endMs: 7_000, revision: 1 })]);
    expect(shown()).toEqual([]);
  });

  it('has forgotten what was being said when the connection is a new one', () => {
    hear(said());
    connect();
    expect(shown()).toEqual([]);
    hear(said({ firm: 'How have you', tentative: 'been' }));
    expect(shown()).toEqual(['Clinician: How have you|been']);
  });

  it('begins a turn where somebody else spoke before, as the line that it becomes will', () => {
    const turns = () => words.spokenNow().map(({ channel, turnBegins }) => [channel, turnBegins]);
    hear(said());
    expect(turns()).toEqual([[0, true]]);
    store.applySegments([aSegment({ id: 'before', startMs: 1_000, endMs: 4_900 })]);
    expect(turns()).toEqual([[0, false]]);
    hear(said({ channel: 1, startMs: 5_500 }));
    expect(turns()).toEqual([[0, false], [1, true]]);
  });

  it('shows nothing of a session that is over, nor what is off the record', () => {
    hear(said());
    listeners['transcript:removed']?.({ recordingId: 'recording-1', segmentIds: [] });
    expect(shown()).toEqual([]);
    hear(said());
    store.applyRecording(aRecording({ status: 'completed' }));
    expect(shown()).toEqual([]);
  });

  const offRecord = (id: string, atMs: number, durationMs: number): MarkerView => ({ ...marker(id, atMs), kind: 'off-record', durationMs });
  const settled = () => new Promise<void>((resolve) => setTimeout(resolve));

  it('reads the rows again when something was put off the record, and not for what it knew', async () => {
    markers = [offRecord('long ago', 0, 1_000)];
    await settled();
    expect(read).not.toHaveBeenCalled();
    listeners['live:markers']?.({ recordingId: 'recording-1', markers: [...markers, marker('a', 3_000)] });
    expect(read).not.toHaveBeenCalled();
    markers = [...markers, offRecord('now', 3_000, 60_000)];
    listeners['live:markers']?.({ recordingId: 'recording-1', markers });
    expect(read).toHaveBeenCalledTimes(1);
    connect();
    await settled();
    expect(read).toHaveBeenCalledTimes(1);
    markers = [...markers, offRecord('unheard of', 70_000, 60_000)];
    connect();
    await settled();
    expect(read).toHaveBeenCalledTimes(2);
  });

  it('reads the rows again also when that is told before the marks were read', () => {
    listeners['live:markers']?.({ recordingId: 'recording-1', markers: [offRecord('now', 3_000, 60_000)] });
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('hides at once what is put off the record here, until the server has told or taken it', async () => {
    hear(said());
    words.putOffRecord('here', 60_000, 2);
    expect(shown()).toEqual([]);
    hear(said());
    expect(shown()).toEqual([]);
    const hidden = () => [{ startMs: 1_000, endMs: 4_000 }, { startMs: 59_000, endMs: 61_000 }, { startMs: 60_000, endMs: 61_000 }].map((line) => words.hides(line));
    expect([hidden(), words.markers().map(({ id }) => id)]).toEqual([[true, true, false], ['here']]);
    listeners['live:markers']?.({ recordingId: 'recording-1', markers: [offRecord('here', 0, 60_000)] });
    // The lines are not told yet: what they hold may be what went.
    expect([hidden(), words.markers().map(({ id }) => id)]).toEqual([[true, true, false], ['here']]);
    rowsCame.splice(0).forEach((came) => came());
    await settled();
    expect([hidden(), words.markers().map(({ id }) => id)]).toEqual([[false, false, false], ['here']]);
    words.putOffRecord('moved', 60_000, 1);
    void words.allTaken();
    await settled();
    expect(hidden()[0]).toBe(true);
    rowsCame.splice(0).forEach((came) => came());
    await settled();
    expect(hidden()).toEqual([false, false, false]);
  });

  it('shows nothing that lies off the record, told before or after', () => {
    hear(said({ startMs: 5_000 }));
    hear(said({ channel: 1, startMs: 9_000 }));
    listeners['live:markers']?.({ recordingId: 'recording-1', markers: [offRecord('now', 5_000, 4_000)] });
    expect(shown()).toEqual(['Patient: How have|you been']);
    hear(said({ startMs: 8_999 }));
    expect(shown()).toHaveLength(1);
    hear(said({ startMs: 9_000 }));
    expect(shown()).toHaveLength(2);
  });

  it('reads the marks, hears of new ones, and reads them again with every connection', async () => {
    await Promise.resolve();
    listeners['live:markers']?.({ recordingId: 'recording-1', markers: [marker('b', 2_000), marker('a', 1_000)] });
    expect(words.markers().map(({ id }) => id)).toEqual(['a', 'b']);
    markers = [marker('c', 500)];
    connect();
    await new Promise<void>((resolve) => setTimeout(resolve));
    expect(words.markers().map(({ id }) => id)).toEqual(['c']);
  });

  it('keeps a mark that was made while the marks were read', async () => {
    listeners['live:markers']?.({ recordingId: 'recording-1', markers: [marker('made', 0)] });
    await new Promise<void>((resolve) => setTimeout(resolve));
    expect(words.markers().map(({ id }) => id)).toEqual(['made']);
  });
});
