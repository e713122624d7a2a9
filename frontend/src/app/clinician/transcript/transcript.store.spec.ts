import { TestBed } from '@angular/core/testing';
import type { RecordingView } from '@auscult/contracts';
import { aRecording, aSegment, aSpeaker } from './testing/samples';
import { TranscriptStore } from './transcript.store';

describe('TranscriptStore', () => {
  let store: TranscriptStore;
  const answer = { recordingId: 'recording-1', engine: null, speakers: [aSpeaker({ name: 'Speaker 1' })], segments: [aSegment()] };

  beforeEach(() => {
    TestBed.configureTestingModule({ providers: [TranscriptStore] });
    store = TestBed.inject(TranscriptStore);
    store.readingBegins();
  });

  it('keeps what it heard of the recording while the rows were read: the answer is older', () => {
    store.applyRecording(aRecording({ status: 'completed' }));
    expect(store.readingEnds(aRecording({ status: 'live' }), answer)).toBe(true);
    expect(store.recording()?.status).toBe('completed');
    expect(store.segments()).toEqual(answer.segments);
  });

  it('keeps what it heard of the speakers', () => {
    store.applySpeakers([aSpeaker({ name: 'Anna' })]);
    store.readingEnds(aRecording(), answer);
    expect(store.speakers().map(({ name }) => name)).toEqual(['Anna']);
  });

  it('takes the next answer, when nothing was heard meanwhile', () => {
    store.applyRecording(aRecording({ status: 'live' }));
    store.readingEnds(aRecording({ status: 'live' }), answer);
    store.readingBegins();
    store.readingEnds(aRecording({ status: 'completed' }), answer);
    expect(store.recording()?.status).toBe('completed');
    expect(store.speakers()).toEqual(answer.speakers);
  });

  it('does not let a session come back that is over: such an answer was overtaken by an event', () => {
    const [onAir, over] = [false, true].map((finishing) => aRecording({ status: 'live', live: { source: 'room', finishing } })) as [RecordingView, RecordingView];
    store.readingEnds(onAir, answer);
    store.applyRecording(over);
    store.applyRecording(onAir);
    expect(store.recording()).toBe(over);
    for (const status of ['completed', 'failed', 'cancelled'] as const) {
      const ended = aRecording({ status, live: { source: 'room', finishing: false } });
      store.applyRecording(ended);
      store.applyRecording(over);
      expect(store.recording()).toBe(ended);
    }
  });

  it('keeps the newest it heard while the rows were read, whatever was answered after it', () => {
    const completed = aRecording({ status: 'completed' });
    store.applyRecording(completed);
    store.applyRecording(aRecording({ status: 'live' }));
    store.readingEnds(aRecording({ status: 'live' }), answer);
    expect(store.recording()).toBe(completed);
  });

  it('takes every row of another recording, and of an upload', () => {
    store.applyRecording(aRecording({ status: 'completed' }));
    store.applyRecording(aRecording({ status: 'queued' }));
    expect(store.recording()?.status).toBe('queued');
    store.applyRecording(aRecording({ id: 'recording-2', status: 'live' }));
    expect(store.recording()?.status).toBe('live');
  });

  it('asks again when the transcript started anew meanwhile', () => {
    store.startAnew();
    expect(store.readingEnds(aRecording(), answer)).toBe(false);
  });

  it('has nothing left of a recording that was deleted, nor takes what is told or answered late', () => {
    store.readingEnds(aRecording(), answer);
    store.readingBegins();
    store.becomeGone(true);
    store.applyRecording(aRecording());
    store.applySegments([aSegment()]);
    store.readingEnds(aRecording(), answer);
    expect([store.loadState(), store.recording(), store.segments(), store.speakers()]).toEqual([{ kind: 'gone', deletedNow: true }, null, [], []]);
  });

  it('does not bring back what was put off the record while the rows were read', () => {
    store.applySegments([aSegment({ id: 'told' })]);
    store.removeSegments([aSegment().id, 'told']);
    store.readingEnds(aRecording(), answer);
    expect(store.segments()).toEqual([]);
  });
});
