import { TestBed } from '@angular/core/testing';
import { ProblemError, UnreachableError } from '@auscult/client';
import type { CorrectSegmentBody, SegmentView } from '@auscult/contracts';
import { AUSCULT_CLIENT } from '../../core/auscult-client.token';
import { aRecording, aSegment, aSpeaker } from './testing/samples';
import { TranscriptEdits } from './transcript-edits';
import { TranscriptStore } from './transcript.store';
import { TranscriptSync } from './transcript-sync';

const conflict = () => new ProblemError({ type: '/problems/conflict', code: 'conflict', title: 'Changed', status: 409 });

describe('TranscriptEdits', () => {
  let row: SegmentView;
  let sent: CorrectSegmentBody[];
  let fail: (() => Error) | null;
  let edits: TranscriptEdits;
  let store: TranscriptStore;
  /** What the server does with a correction. */
  const correct = async (_recording: string, _segment: string, body: CorrectSegmentBody): Promise<SegmentView> => {
    sent.push(body);
    await Promise.resolve();
    if (fail) throw fail();
    if (body.expectedRevision !== row.revision) throw conflict();
    if (row.text === (body.text ?? row.text) && row.speakerId === (body.speakerId ?? row.speakerId)) return row;
    row = { ...row, text: body.text ?? row.text, speakerId: body.speakerId ?? row.speakerId, revision: row.revision + 1, correctedAt: 'now' };
    return row;
  };

  beforeEach(() => {
    row = aSegment({ text: 'I filt well.' });
    sent = [];
    fail = null;
    const transcripts = {
      correct,
      renameSpeaker: async (_recording: string, id: string, { name }: { name: string }) => aSpeaker({ id, name }),
      addSpeaker: async (_recording: string, { name }: { name: string }) => aSpeaker({ id: 'speaker-2', position: 1, name, channel: null }),
    };
    const read = async () => store.applySegments([row]);
    TestBed.configureTestingModule({
      providers: [
        TranscriptEdits, TranscriptStore,
        { provide: AUSCULT_CLIENT, useValue: { transcripts } },
        { provide: TranscriptSync, useValue: { read } },
      ],
    });
    edits = TestBed.inject(TranscriptEdits);
    store = TestBed.inject(TranscriptStore);
    store.readingBegins();
    store.readingEnds(aRecording(), { recordingId: 'recording-1', engine: null, speakers: [aSpeaker()], segments: [row] });
  });

  const text = () => store.segment('segment-1')?.text;

  it('shows a correction at once and saves it with the revision that was seen', async () => {
    const saving = edits.correct('segment-1', { text: 'I felt well.' }, 'Text corrected');
    await Promise.resolve();
    expect(text()).toBe('I felt well.');
    expect(await saving).toBe('saved');
    expect(sent).toEqual([{ text: 'I felt well.', expectedRevision: 0 }]);
    expect(store.segment('segment-1')?.revision).toBe(1);
  });

  it('sends nothing when nothing is changed', async () => {
    expect(await edits.correct('segment-1', { text: 'I filt well.' }, 'x')).toBe('unchanged');
    expect(await edits.correct('nowhere', { text: 'x' }, 'x')).toBe('unchanged');
    expect(sent).toEqual([]);
  });

  it('makes quick corrections of one line wait for each other', async () => {
    const outcomes = await Promise.all([
      edits.correct('segment-1', { text: 'one' }, 'x'),
      edits.correct('segment-1', { speakerId: 'speaker-2' }, 'x'),
      edits.correct('segment-1', { text: 'three' }, 'x'),
    ]);
    expect(outcomes).toEqual(['saved', 'saved', 'saved']);
    expect(sent.map(({ expectedRevision }) => expectedRevision)).toEqual([0, 1, 2]);
  });

  it('undoes and redoes as further corrections', async () => {
    await edits.correct('segment-1', { text: 'I felt well.' }, 'Text corrected');
    await edits.history.undo();
    expect(text()).toBe('I filt well.');
    expect(store.segment('segment-1')?.revision).toBe(2);
    await edits.history.redo();
    expect(text()).toBe('I felt well.');
    expect(row.revision).toBe(3);
  });

  it('does not undo over a change that somebody made since', async () => {
    await edits.correct('segment-1', { text: 'I felt well.' }, 'Text corrected');
    row = { ...row, text: 'Somebody else', revision: 5 };
    store.applySegments([row]);
    expect(await edits.history.undo()).toBe('impossible');
    expect(text()).toBe('Somebody else');
    expect(sent).toHaveLength(1);
  });

  it('does not undo where words went off the record since, although the line reads as it did', async () => {
    await edits.correct('segment-1', { text: 'I felt well.' }, 'Text corrected');
    row = { ...row, revision: 2 };
    store.applySegments([row]);
    expect(await edits.history.undo()).toBe('impossible');
    expect([text(), sent.length]).toEqual(['I felt well.', 1]);
  });

  it('goes on with a line in which the server had the same words already', async () => {
    // Heard once more, and not told here yet: that makes no revision.
    row = { ...row, text: 'I felt well.' };
    expect(await edits.correct('segment-1', { text: 'I felt well.' }, 'x')).toBe('saved');
    expect(await edits.correct('segment-1', { text: 'I felt fine.' }, 'x', 0)).toBe('saved');
    expect(row.revision).toBe(1);
  });

  it('keeps both texts of a conflict until one is chosen', async () => {
    row = { ...row, text: 'Theirs', revision: 1 };
    expect(await edits.correct('segment-1', { text: 'Mine' }, 'x', 0)).toBe('conflict');
    expect(text()).toBe('Theirs');
    expect(edits.unsaved().get('segment-1')).toEqual({ segmentId: 'segment-1', place: { startMs: row.startMs, endMs: row.endMs }, mine: { text: 'Mine' }, reason: 'conflict' });
    expect(await edits.saveMine('segment-1')).toBe('saved');
    expect(text()).toBe('Mine');
    expect(edits.unsaved().size).toBe(0);
  });

  it('keeps no refused words of a line that went off the record, before or while they were refused', async () => {
    fail = () => new UnreachableError();
    await edits.correct('segment-1', { text: 'Mine' }, 'x');
    const { startMs, endMs } = row;
    expect(edits.forget({ startMs: endMs, endMs: endMs + 60_000 })).toBe(0);
    expect(edits.unsavedTexts()).toHaveLength(1);
    expect(edits.forget({ startMs: endMs - 1, endMs: endMs + 60_000 })).toBe(1);
    expect(edits.unsavedTexts()).toEqual([]);
    const saving = edits.correct('segment-1', { text: 'Mine' }, 'x');
    expect(edits.forget({ startMs, endMs: startMs + 1 })).toBe(0);
    expect(await saving).toBe('given-up');
    expect(edits.unsaved().size).toBe(0);
    await edits.correct('segment-1', { text: 'Mine' }, 'x');
    expect(edits.unsavedTexts()).toHaveLength(1);
  });

  it('takes what its author changed herself since she began for no conflict, but what somebody else changed after that', async () => {
    const first = edits.correct('segment-1', { text: 'one' }, 'x', 0);
    const second = edits.correct('segment-1', { text: 'two' }, 'x', 0);
    expect([await first, await second]).toEqual(['saved', 'saved']);
    expect(await edits.correct('segment-1', { speakerId: 'speaker-2' }, 'x', 1)).toBe('saved');
    expect(sent.map(({ expectedRevision }) => expectedRevision)).toEqual([0, 1, 2]);
    row = { ...row, text: 'Theirs', revision: 4 };
    expect(await edits.correct('segment-1', { text: 'three' }, 'x', 0)).toBe('conflict');
    expect([text(), edits.unsaved().get('segment-1')?.reason]).toEqual(['Theirs', 'conflict']);
  });

  it('takes a failed correction back and keeps its words', async () => {
    fail = () => new UnreachableError();
    expect(await edits.correct('segment-1', { text: 'Mine' }, 'x')).toBe('failed');
    expect(text()).toBe('I filt well.');
    expect(edits.unsaved().get('segment-1')?.mine).toEqual({ text: 'Mine' });
    edits.discardMine('segment-1');
    expect(edits.unsaved().size).toBe(0);
    expect(edits.history.canUndo()).toBe(false);
  });

  it('tells when nothing is being saved any more, whether it succeeded or not', async () => {
    void edits.correct('segment-1', { text: 'one' }, 'x');
    void edits.correct('segment-1', { text: 'two' }, 'x');
    expect(edits.busy).toBe(true);
    await edits.settled();
    expect([edits.busy, row.text]).toEqual([false, 'two']);
    fail = () => new UnreachableError();
    void edits.correct('segment-1', { text: 'three' }, 'x');
    await edits.settled();
    expect([edits.busy, edits.unsavedTexts().map(({ mine }) => mine.text)]).toEqual([false, ['three']]);
  });

  it('offers only words that can be decided about: no speakers, and nothing where the line or the recording is gone', async () => {
    fail = () => new UnreachableError();
    await edits.correct('segment-1', { speakerId: 'speaker-2' }, 'x');
    expect(edits.unsavedTexts()).toEqual([]);
    await edits.correct('segment-1', { text: 'Mine' }, 'x');
    store.removeSegments(['segment-1']);
    expect(edits.unsavedTexts()).toEqual([]);
    store.applySegments([row]);
    expect(edits.unsavedTexts()).toHaveLength(1);
    store.becomeGone(true);
    expect(edits.unsavedTexts()).toEqual([]);
  });

  it('renames for all lines, and back', async () => {
    await edits.renameSpeaker(aSpeaker(), '  Dr Lee ');
    expect(store.speakers()[0]?.name).toBe('Dr Lee');
    await edits.history.undo();
    expect(store.speakers()[0]?.name).toBe('Speaker 1');
    await edits.renameSpeaker(aSpeaker(), '   ');
    expect(edits.history.canUndo()).toBe(false);
  });
});
