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

  it('closes the menu of a line that goes, and takes the focus from nobody where none is open', async () => {
    const menu = () => document.querySelector('.cdk-overlay-container [role=menu]');
    const open = async (id: string) => {
      document.getElementById(`segment-${id}`)!.querySelector<HTMLElement>('[aria-haspopup]')!.click();
      await fixture.whenStable();
    };
    store.applySegments([aSegment({ id: 'second', startMs: 20_000, endMs: 21_000, text: 'Secret.' }), aSegment({ id: 'third', startMs: 30_000, endMs: 31_000, text: 'Secret too.' })]);
    await fixture.whenStable();
    await open('second');
    expect(menu()).not.toBeNull();
    store.removeSegments(['second']);
    await fixture.whenStable();
    expect(menu()).toBeNull();
    expect(document.activeElement?.id).toBe(`segment-${seen.id}`);
    await open('third');
    menu()!.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', keyCode: 27, bubbles: true }));
    await fixture.whenStable();
    expect(menu()).toBeNull();
    const elsewhere = document.body.appendChild(document.createElement('input'));
    elsewhere.focus();
    store.removeSegments(['third']);
    await fixture.whenStable();
    expect(document.activeElement).toBe(elsewhere);
    elsewhere.remove();
  });
});
