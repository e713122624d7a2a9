import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { MarkerView, SegmentView, TranscriptView } from '@auscult/contracts';
import { LiveWords, type SpokenNow } from '../../transcript/live-words';
import { aRecording, aSegment, aSpeaker } from '../../transcript/testing/samples';
import { TranscriptStore } from '../../transcript/transcript.store';
import { LiveLinesComponent } from './live-lines.component';

const spoken = (given: Partial<SpokenNow> = {}): SpokenNow => ({
  recordingId: 'recording-1', channel: 0, startMs: 5_000, endMs: 6_000, firm: 'How have', tentative: 'you been', speakerName: 'Clinician', tone: 0, turnBegins: false, ...given,
});
const marker = (atMs: number): MarkerView => ({ id: `marker-${atMs}`, kind: 'marker', atMs, durationMs: null, label: null, createdAt: '2026-01-05T09:00:00.000Z' });

describe('LiveLinesComponent', () => {
  const spokenNow = signal<readonly SpokenNow[]>([]);
  const markers = signal<readonly MarkerView[]>([]);
  let store: TranscriptStore;
  let hidden: number | null = null;

  beforeEach(() => {
    spokenNow.set([]);
    markers.set([]);
    hidden = null;
    TestBed.configureTestingModule({ providers: [TranscriptStore, { provide: LiveWords, useValue: { spokenNow, markers, hides: ({ startMs }: SegmentView) => startMs === hidden } }] });
    store = TestBed.inject(TranscriptStore);
    store.applyRecording(aRecording({ status: 'live' }));
    store.applySpeakers([aSpeaker({ name: 'Clinician' }), aSpeaker({ id: 'speaker-2', position: 1, channel: 1, name: 'Patient' })]);
    store.applySegments([aSegment({ id: 'a', startMs: 1_000, endMs: 4_000, text: 'Good morning.' })]);
  });

  /** The session's rows have been read. */
  const read = (...segments: SegmentView[]) => store.readingEnds(store.recording()!, { engine: null, speakers: [...store.speakers()], segments } as unknown as TranscriptView);

  async function draw() {
    const fixture = TestBed.createComponent(LiveLinesComponent);
    await fixture.whenStable();
    const log = (fixture.nativeElement as HTMLElement).querySelector<HTMLElement>('[role="log"]')!;
    const rows = async () => (await fixture.whenStable(), [...log.children].map((row) => row.textContent.replace(/\s+/g, ' ').trim()));
    return { log, rows };
  }

  it('shows what is being said below what is written, with a name where somebody else begins', async () => {
    spokenNow.set([spoken(), spoken({ channel: 1, startMs: 5_500, firm: 'Well', tentative: '', speakerName: 'Patient', tone: 1, turnBegins: true })]);
    const { rows } = await draw();
    expect(await rows()).toEqual(['0:01Clinician: Good morning.', '0:05How have you been', '0:05PatientWell']);
  });

  it('shows no line of what was put off the record here', async () => {
    hidden = 1_000;
    store.applySegments([aSegment({ id: 'b', startMs: 5_000, endMs: 7_000, text: 'How have you been?' })]);
    const { rows } = await draw();
    expect(await rows()).toEqual(['0:05Clinician: How have you been?']);
  });

  it('has a mark below the words in which it was made, before and after they are final', async () => {
    spokenNow.set([spoken()]);
    markers.set([marker(500), marker(5_400)]);
    const { log, rows } = await draw();
    expect(await rows()).toEqual(['Marked 0:00', '0:01Clinician: Good morning.', '0:05How have you been', 'Marked 0:05']);
    const mark = log.lastElementChild;
    spokenNow.set([]);
    store.applySegments([aSegment({ id: 'b', startMs: 5_000, endMs: 7_000, text: 'How have you been?' })]);
    expect(await rows()).toEqual(['Marked 0:00', '0:01Clinician: Good morning.', '0:05How have you been?', 'Marked 0:05']);
    // The very same element: one that moved would be read out again.
    expect(log.lastElementChild).toBe(mark);
  });

  it('reads out finals and marks politely, and never what still changes', async () => {
    spokenNow.set([spoken()]);
    const { log, rows } = await draw();
    // What there was before is not read out.
    const changes = (what: MutationObserverInit) => new Promise((resolve) => new MutationObserver((_, seen) => (seen.disconnect(), resolve(log.getAttribute('aria-live')))).observe(log, what));
    const [whenDrawn, afterwards] = [changes({ childList: true }), changes({ attributeFilter: ['aria-live'] })];
    read(aSegment({ id: 'a', startMs: 1_000, endMs: 4_000, text: 'Good morning.' }), aSegment({ id: 'z', startMs: 4_000, endMs: 4_500, text: 'Sit down.' }));
    expect(await rows()).toHaveLength(3);
    expect(await whenDrawn).toBe('off');
    await afterwards;
    expect([log.getAttribute('aria-live'), log.getAttribute('aria-relevant')]).toEqual(['polite', 'additions']);
    const hidden = [...log.children].map((row) => row.getAttribute('aria-hidden'));
    expect(hidden).toEqual([null, null, 'true']);
  });
});
