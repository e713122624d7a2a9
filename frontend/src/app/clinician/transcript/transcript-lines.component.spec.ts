import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { LineActions } from './line-actions';
import { LineFocus } from './line-focus';
import { SegmentScroll } from './segment-scroll';
import { aRecording, aSegment, aSpeaker } from './testing/samples';
import { TranscriptEdits } from './transcript-edits';
import { TranscriptLinesComponent } from './transcript-lines.component';
import { TranscriptStore } from './transcript.store';
import { TranscriptSync } from './transcript-sync';

const seen = aSegment({ text: 'I filt well.' });

describe('TranscriptLinesComponent', () => {
  let fixture: ComponentFixture<TranscriptLinesComponent>;
  let store: TranscriptStore;
  const saveText = jest.fn();

  beforeEach(async () => {
    saveText.mockReset();
    Object.assign(Element.prototype, { scrollIntoView: () => undefined });
    TestBed.configureTestingModule({
      providers: [
        LineFocus, SegmentScroll, TranscriptEdits, TranscriptStore,
        { provide: LineActions, useValue: { saveText } },
        { provide: TranscriptSync, useValue: {} },
      ],
    });
    store = TestBed.inject(TranscriptStore);
    store.readingBegins();
    store.readingEnds(aRecording(), { recordingId: 'recording-1', engine: null, speakers: [aSpeaker()], segments: [seen] });
    fixture = TestBed.createComponent(TranscriptLinesComponent);
    document.body.append(root());
    TestBed.inject(LineFocus).edit(seen.id, null);
    await fixture.whenStable();
  });
  afterEach(() => root().remove());

  const root = () => fixture.nativeElement as HTMLElement;
  const field = () => root().querySelector('textarea')!;
  const enter = () => field().dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', cancelable: true }));
  /** As a second hearing does: the words change, the revision does not. */
  const refine = async () => {
    store.applySegments([{ ...seen, text: 'I felt well.' }]);
    await fixture.whenStable();
  };

  it('leaves the refined words of a line that was opened before and not changed', async () => {
    await refine();
    expect(field().value).toBe('I filt well.');
    enter();
    await fixture.whenStable();
    expect(saveText).not.toHaveBeenCalled();
    expect(root().querySelector('textarea')).toBeNull();
    expect(root().textContent).toContain('I felt well.');
  });

  it('saves changed words over refined ones', async () => {
    await refine();
    field().value = 'I felt very well.';
    enter();
    expect(saveText).toHaveBeenCalledWith(expect.objectContaining({ id: seen.id }), 'I felt very well.', 0);
  });

  it('says which revision was seen, so that what somebody else corrected meanwhile is not overwritten', async () => {
    store.applySegments([{ ...seen, text: 'Theirs.', revision: 1 }]);
    await fixture.whenStable();
    field().value = 'Mine.';
    enter();
    expect(saveText).toHaveBeenCalledWith(expect.objectContaining({ revision: 1 }), 'Mine.', 0);
  });
});
