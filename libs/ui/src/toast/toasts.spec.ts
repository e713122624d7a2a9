import { LiveAnnouncer } from '@angular/cdk/a11y';
import { TestBed } from '@angular/core/testing';
import { ToastOutletComponent } from './toast-outlet.component';
import { Toasts } from './toasts';

describe('Toasts', () => {
  const announce = jest.fn().mockResolvedValue(undefined);
  const clear = jest.fn();
  beforeEach(() => {
    jest.useFakeTimers();
    announce.mockClear();
    clear.mockClear();
    TestBed.configureTestingModule({ providers: [{ provide: LiveAnnouncer, useValue: { announce, clear } }] });
  });
  afterEach(() => jest.useRealTimers());

  it('announces a message and lets it go after its time', () => {
    const toasts = TestBed.inject(Toasts);
    const expired = jest.fn();
    toasts.show('Recording deleted', { expired });
    expect(announce).toHaveBeenCalledWith('Recording deleted', 'polite');
    jest.advanceTimersByTime(5_999);
    expect(toasts.shown()).toHaveLength(1);
    jest.advanceTimersByTime(1);
    expect(toasts.shown()).toHaveLength(0);
    expect(expired).toHaveBeenCalledTimes(1);
  });

  it('keeps what must not be missed until somebody closes it', () => {
    const toasts = TestBed.inject(Toasts);
    toasts.show('Look in the transcript', { durationMs: Number.POSITIVE_INFINITY });
    jest.advanceTimersByTime(24 * 3_600_000);
    expect(toasts.shown()).toHaveLength(1);
    toasts.dismiss(toasts.shown()[0]!);
    expect(toasts.shown()).toHaveLength(0);
  });

  it('takes the action back once and does not expire then', () => {
    const toasts = TestBed.inject(Toasts);
    const [run, expired] = [jest.fn(), jest.fn()];
    toasts.show('Renamed', { action: { label: 'Undo', run }, expired });
    toasts.act(toasts.shown()[0]!);
    jest.advanceTimersByTime(60_000);
    expect(run).toHaveBeenCalledTimes(1);
    expect(expired).not.toHaveBeenCalled();
    expect(toasts.shown()).toHaveLength(0);
  });

  it('waits while somebody points at it', () => {
    const toasts = TestBed.inject(Toasts);
    const fixture = TestBed.createComponent(ToastOutletComponent);
    toasts.show('Renamed', { action: { label: 'Undo', run: jest.fn() } });
    fixture.detectChanges();
    const root = fixture.nativeElement as HTMLElement;
    root.querySelector('.toast')!.dispatchEvent(new Event('mouseenter'));
    jest.advanceTimersByTime(60_000);
    expect(toasts.shown()).toHaveLength(1);
    root.querySelector('.toast')!.dispatchEvent(new Event('mouseleave'));
    jest.advanceTimersByTime(10_000);
    expect(toasts.shown()).toHaveLength(0);
  });

  it('takes all away but those that stay, and reads none of them out any more', () => {
    const toasts = TestBed.inject(Toasts);
    const expired = jest.fn();
    toasts.show('Anna was added', { expired });
    toasts.show('Sign in again', { tone: 'danger' });
    toasts.clear(({ tone }) => tone === 'danger');
    expect(toasts.shown().map(({ text }) => text)).toEqual(['Sign in again']);
    expect(expired).toHaveBeenCalledTimes(1);
    expect(clear).not.toHaveBeenCalled();
    toasts.clear(() => false);
    expect(toasts.shown()).toEqual([]);
    expect(clear).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(60_000);
    expect(expired).toHaveBeenCalledTimes(1);
  });

  it('says a failure at once and shows what to do', () => {
    const toasts = TestBed.inject(Toasts);
    const fixture = TestBed.createComponent(ToastOutletComponent);
    toasts.show('The server cannot be reached', { tone: 'danger', detail: 'Check your connection.' });
    fixture.detectChanges();
    expect(announce).toHaveBeenCalledWith('The server cannot be reached. Check your connection.', 'assertive');
    expect((fixture.nativeElement as HTMLElement).textContent).toContain('Check your connection.');
  });
});
