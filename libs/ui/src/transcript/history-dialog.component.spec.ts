import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { SegmentRevisionView } from '@auscult/contracts';
import { HistoryDialogComponent, type HistoryRequest } from './history-dialog.component';

const state = (revision: number, text: string): SegmentRevisionView => ({ revision, text, speakerId: 'speaker-1', authorName: null, createdAt: '2026-01-05T09:00:00.000Z' });

describe('HistoryDialogComponent', () => {
  it('is never older than the page: reads the states again, shows none meanwhile, and closes when the line goes', async () => {
    const rows = signal<{ revision: number | null }>({ revision: 1 });
    const becomes = (revision: number | null) => rows.set({ revision });
    const answers: ((states: SegmentRevisionView[]) => void)[] = [];
    const load = () => new Promise<SegmentRevisionView[]>((resolve) => answers.push(resolve));
    const close = jest.fn();
    const request: HistoryRequest = { titleId: 'title', time: '0:05', revision: () => rows().revision, load, speakerName: () => 'Speaker 1', explain: String };
    TestBed.configureTestingModule({ providers: [{ provide: DIALOG_DATA, useValue: request }, { provide: DialogRef, useValue: { close } }] });
    const fixture = TestBed.createComponent(HistoryDialogComponent);
    const text = async () => {
      await new Promise((resolve) => setTimeout(resolve));
      await fixture.whenStable();
      return (fixture.nativeElement as HTMLElement).textContent;
    };
    await fixture.whenStable();
    answers[0]!([state(1, 'I felt well.'), state(0, 'I told Anna that I felt well.')]);
    // Another line has changed.
    becomes(1);
    expect(await text()).toContain('I told Anna');
    becomes(2);
    expect(await text()).not.toContain('I told Anna');
    // Of before the words went.
    becomes(3);
    await fixture.whenStable();
    answers[1]!([state(1, 'I felt well.'), state(0, 'I told Anna that I felt well.')]);
    expect(await text()).not.toContain('I told Anna');
    answers[2]!([state(3, 'I felt well.'), state(0, 'I felt well.')]);
    expect(await text()).toContain('I felt well.');
    expect(close).not.toHaveBeenCalled();
    becomes(null);
    await fixture.whenStable();
    expect(close).toHaveBeenCalledTimes(1);
  });
});
