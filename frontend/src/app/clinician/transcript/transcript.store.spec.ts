import { TestBed } from '@angular/core/testing';
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

  it('asks again when the transcript started anew meanwhile', () => {
    store.startAnew();
    expect(store.readingEnds(aRecording(), answer)).toBe(false);
  });

  it('does not bring back what was put off the record while the rows were read', () => {
    store.applySegments([aSegment({ id: 'told' })]);
    store.removeSegments([aSegment().id, 'told']);
    store.readingEnds(aRecording(), answer);
    expect(store.segments()).toEqual([]);
  });
});
