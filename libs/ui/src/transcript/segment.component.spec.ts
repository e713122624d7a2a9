import { TestBed, type ComponentFixture } from '@angular/core/testing';
import type { SegmentView, SpeakerView } from '@auscult/contracts';
import { SegmentComponent, type SegmentAction } from './segment.component';

const segment: SegmentView = {
  id: 'a', speakerId: 's', startMs: 61_000, endMs: 63_000, text: 'I felt well.', words: [], wordTiming: 'estimated', revision: 0, correctedAt: null,
};
const speaker: SpeakerView = { id: 's', position: 7, name: 'Dr Lee', channel: 0 };

describe('SegmentComponent', () => {
  let fixture: ComponentFixture<SegmentComponent>;
  let actions: SegmentAction[];
  const root = () => fixture.nativeElement as HTMLElement;
  const set = async (inputs: Record<string, unknown>) => {
    for (const [name, value] of Object.entries(inputs)) fixture.componentRef.setInput(name, value);
    await fixture.whenStable();
  };
  const field = () => root().querySelector('textarea')!;
  const press = (key: string, more: KeyboardEventInit = {}) => field().dispatchEvent(new KeyboardEvent('keydown', { key, cancelable: true, ...more }));

  beforeEach(async () => {
    fixture = TestBed.createComponent(SegmentComponent);
    document.body.append(root());
    actions = [];
    fixture.componentInstance.acted.subscribe((action) => actions.push(action));
    await set({ segment, speaker });
  });
  afterEach(() => root().remove());

  it('is an article that says who and when, with one stop for the Tab key', async () => {
    expect(root().getAttribute('role')).toBe('article');
    expect(root().getAttribute('aria-label')).toBe('Dr Lee, 1 minute 1 second');
    expect(root().textContent).toContain('1:01');
    expect(root().tabIndex).toBe(-1);
    expect([...root().querySelectorAll('button')].every((button) => button.tabIndex === -1)).toBe(true);
    await set({ tabStop: true });
    expect(root().tabIndex).toBe(0);
    expect([...root().querySelectorAll('button')].every((button) => button.tabIndex === 0)).toBe(true);
  });

  it('names the speaker only where a turn begins, in one of six colours', async () => {
    expect(root().querySelector('au-speaker-chip')?.textContent).toContain('Dr Lee');
    expect(root().style.getPropertyValue('--tone')).toBe('var(--color-speaker-1)');
    await set({ turnBegins: false });
    expect(root().querySelector('au-speaker-chip')).toBeNull();
  });

  it('goes to the start by its time', () => {
    root().querySelector<HTMLButtonElement>('.time')!.click();
    expect(actions).toEqual([{ kind: 'play', offset: null }]);
  });

  it('edits with the caret where it was asked for, and saves with Enter, once', async () => {
    await set({ editing: true, caret: 2 });
    expect(document.activeElement).toBe(field());
    expect(field().selectionStart).toBe(2);
    field().value = ' I  felt\nfine. ';
    press('Enter');
    field().dispatchEvent(new Event('blur'));
    expect(actions).toEqual([{ kind: 'save', text: 'I felt fine.' }]);
  });

  it('saves when it is left, and not after Escape', async () => {
    await set({ editing: true });
    field().value = 'New';
    field().dispatchEvent(new Event('blur'));
    expect(actions).toEqual([{ kind: 'save', text: 'New' }]);
    actions.length = 0;
    await set({ editing: false });
    await set({ editing: true });
    press('Escape');
    field().dispatchEvent(new Event('blur'));
    expect(actions).toEqual([{ kind: 'cancel-edit' }]);
  });

  it('keeps what is being typed when the segment changes elsewhere, and when the window is left', async () => {
    await set({ editing: true });
    field().value = 'Mine';
    await set({ segment: { ...segment, text: 'Theirs', revision: 1 } });
    expect(field().value).toBe('Mine');
    const focused = jest.spyOn(document, 'hasFocus').mockReturnValue(false);
    field().dispatchEvent(new Event('blur'));
    focused.mockRestore();
    expect(actions).toEqual([]);
  });

  it('leaves Enter to an input method that composes a character', async () => {
    await set({ editing: true });
    press('Enter', { isComposing: true });
    expect(actions).toEqual([]);
  });

  it('shows both texts of a conflict and lets one be chosen', async () => {
    await set({ notice: { kind: 'conflict', mine: 'Mine', message: 'Changed elsewhere' } });
    const notice = root().querySelector('[role="alert"]')!;
    expect([...notice.querySelectorAll('dd')].map((text) => text.textContent)).toEqual(['Mine', 'I felt well.']);
    for (const button of notice.querySelectorAll('button')) button.click();
    expect(actions).toEqual([{ kind: 'use-mine' }, { kind: 'drop-mine' }]);
  });

  it('renames the speaker in place', async () => {
    await set({ renaming: true });
    const input = root().querySelector('input')!;
    input.value = ' Client ';
    input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }));
    expect(actions).toContainEqual({ kind: 'rename-speaker', name: 'Client' });
    expect(actions.filter(({ kind }) => kind === 'end-rename')).toHaveLength(1);
  });
});
