import { Clipboard } from '@angular/cdk/clipboard';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Toasts } from '@auscult/ui';
import { Session } from '../../core/session';
import { LostWords } from './lost-words';

describe('LostWords', () => {
  const user = signal<{ id: string } | null>(null);
  const copy = jest.fn<boolean, [string]>();
  let lost: LostWords;
  let toasts: Toasts;

  beforeEach(() => {
    user.set({ id: 'ann' });
    copy.mockReset();
    TestBed.configureTestingModule({ providers: [{ provide: Session, useValue: { user } }, { provide: Clipboard, useValue: { copy } }] });
    lost = TestBed.inject(LostWords);
    toasts = TestBed.inject(Toasts);
  });
  const details = () => toasts.shown().map(({ detail }) => detail);

  it('shows the beginning of long words and copies all of them, or shows them again', () => {
    const words = 'word '.repeat(100);
    lost.tell(words, 'ann');
    expect(details()[0]).toHaveLength(241);
    copy.mockReturnValueOnce(false).mockReturnValueOnce(true);
    toasts.act(toasts.shown()[0]!);
    toasts.act(toasts.shown()[0]!);
    expect(copy.mock.calls).toEqual([[words], [words]]);
    expect(toasts.shown().map(({ text }) => text)).toEqual(['Words copied']);
  });

  it('shows them to their author only', () => {
    lost.tell('Good evening.', 'bob');
    expect(details()).toEqual([]);
    lost.tell('Good evening.', 'ann');
    user.set(null);
    lost.tell('Good evening.', 'ann');
    expect(details()).toEqual(['Good evening.', 'You were signed out before the server had it.']);
  });
});
