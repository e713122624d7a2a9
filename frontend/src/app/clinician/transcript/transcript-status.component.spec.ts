import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { aRecording, aSegment } from './testing/samples';
import { TranscriptCommands } from './transcript-commands';
import { TranscriptStatusComponent } from './transcript-status.component';
import { TranscriptStore } from './transcript.store';

describe('TranscriptStatusComponent', () => {
  const finish = jest.fn();
  const over = aRecording({ status: 'live', live: { source: 'room', finishing: true } });
  let fixture: ComponentFixture<TranscriptStatusComponent>;
  let store: TranscriptStore;

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'setImmediate', 'nextTick'] });
    finish.mockReset();
    TestBed.configureTestingModule({ providers: [TranscriptStore, { provide: TranscriptCommands, useValue: { finish } }] });
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
});
