import { type ComponentFixture, TestBed } from '@angular/core/testing';
import type { LiveProgress, ServerEventName } from '@auscult/contracts';
import { Realtime } from '../../core/realtime';
import { aRecording, aSegment } from './testing/samples';
import { TranscriptCommands } from './transcript-commands';
import { TranscriptStatusComponent } from './transcript-status.component';
import { TranscriptStore } from './transcript.store';

describe('TranscriptStatusComponent', () => {
  const finish = jest.fn();
  const over = aRecording({ status: 'live', live: { source: 'room', finishing: true } });
  let fixture: ComponentFixture<TranscriptStatusComponent>;
  let store: TranscriptStore;
  let tell: (progress: Partial<LiveProgress>) => void;

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'setImmediate', 'nextTick'] });
    finish.mockReset();
    tell = () => undefined;
    const on = (event: ServerEventName, listener: (progress: LiveProgress) => void) => {
      if (event === 'live:progress') tell = (progress) => listener({ recordingId: 'recording-1', writer: 1, received: 0, stored: 0, lagMs: 0, ...progress });
    };
    TestBed.configureTestingModule({
      providers: [TranscriptStore, { provide: TranscriptCommands, useValue: { finish } }, { provide: Realtime, useValue: { on } }],
    });
    store = TestBed.inject(TranscriptStore);
    fixture = TestBed.createComponent(TranscriptStatusComponent);
  });
  afterEach(() => jest.useRealTimers());

  const show = (): { text: string; button: HTMLButtonElement | null } => {
    fixture.detectChanges();
    const host = fixture.nativeElement as HTMLElement;
    return { text: host.textContent.replace(/\s+/g, ' ').trim(), button: host.querySelector('button') };
  };

  it('offers an end to a session that is over and waits for a device that does not come back', () => {
    store.applyRecording(over);
    expect(show()).toMatchObject({ text: 'The session is overIts last words are being written.', button: null });
    jest.advanceTimersByTime(29_000);
    store.applySegments([aSegment()]);
    show();
    jest.advanceTimersByTime(29_000);
    expect(show().button).toBeNull();
    jest.advanceTimersByTime(1_000);
    const { text, button } = show();
    expect(text).toContain('still be on the device');
    button?.click();
    expect(finish).toHaveBeenCalledWith(over);
    store.applyRecording(aRecording({ status: 'completed', live: { source: 'room', finishing: false } }));
    expect(show().text).not.toContain('The session is over');
  });

  /** Shows the page once more after so many seconds and answers whether the end is offered. */
  const offersAfter = (seconds: number) => {
    show();
    jest.advanceTimersByTime(seconds * 1_000);
    return show().button !== null;
  };

  it('waits for as long as sound comes or is kept, of which nothing has to be written', () => {
    store.applyRecording(over);
    expect(offersAfter(29)).toBe(false);
    tell({ received: 100, stored: 50 });
    expect(offersAfter(29)).toBe(false);
    tell({ received: 101, stored: 50 });
    expect(offersAfter(29)).toBe(false);
    tell({ received: 101, stored: 51 });
    expect(offersAfter(29)).toBe(false);
    tell({ received: 101, stored: 51, lagMs: 700 });
    expect(offersAfter(1)).toBe(true);
    tell({ received: 102, stored: 51 });
    expect(offersAfter(0)).toBe(false);
  });

  it('counts the sound of another session for nothing', () => {
    store.applyRecording(over);
    expect(offersAfter(29)).toBe(false);
    tell({ recordingId: 'recording-2', received: 100 });
    expect(offersAfter(1)).toBe(true);
  });

  it('does not speak of a device whose sound has all come, however long its end takes to be written', () => {
    store.applyRecording(over);
    tell({ received: 600, stored: 500 });
    expect(offersAfter(300)).toBe(false);
    // The server has lost what it did not keep: now it is for the device to send it again.
    tell({ received: 500, stored: 500 });
    expect(offersAfter(30)).toBe(true);
  });
});
