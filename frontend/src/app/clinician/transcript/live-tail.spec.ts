import { ChangeDetectionStrategy, Component, inject, signal, type Type } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { AudioPlayer } from './audio-player';
import { LineFocus } from './line-focus';
import { LiveTail } from './live-tail';
import { LiveWords } from './live-words';
import { aRecording, aSegment } from './testing/samples';
import { TranscriptStore } from './transcript.store';

const LINE_PX = 40;
const WINDOW_PX = 800;

/** One paragraph a line, and one for what is being said. */
@Component({
  template: `
    @if (store.loadState().kind === 'ready') {
      @for (segment of store.segments(); track segment.id) { <p [attr.data-px]="segment.text.length > 100 ? 400 : null"></p> }
      @for (words of live.spokenNow(); track $index) { <p></p> }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
class PageComponent {
  protected readonly store = inject(TranscriptStore);
  protected readonly live = inject(LiveWords);
  readonly tail = inject(LiveTail);
}

describe('LiveTail', () => {
  const spokenNow = signal<readonly object[]>([]);
  const lines = { editing: signal<object | null>(null), renaming: signal<string | null>(null) };
  const playing = signal(false);
  let scrollY: number;
  let isSmooth: boolean;
  let store: TranscriptStore;
  let tail: LiveTail;
  let stable: () => Promise<unknown>;

  const height = () => [...document.querySelectorAll('p')].reduce((sum, { dataset }) => sum + Number(dataset['px'] ?? LINE_PX), 0);
  const end = () => Math.max(0, height() - WINDOW_PX);
  const scroll = (to: number) => {
    scrollY = Math.max(0, Math.min(to, end()));
    window.dispatchEvent(new Event('scroll'));
  };

  beforeEach(() => {
    [scrollY, isSmooth] = [0, false];
    spokenNow.set([]);
    lines.editing.set(null);
    lines.renaming.set(null);
    playing.set(false);
    Object.defineProperty(document.documentElement, 'scrollHeight', { configurable: true, get: () => Math.max(WINDOW_PX, height()) });
    Object.defineProperty(window, 'scrollY', { configurable: true, get: () => scrollY });
    Object.assign(window, {
      innerHeight: WINDOW_PX,
      matchMedia: () => ({ matches: false }),
      // A smooth one has come half of the way when the next thing happens.
      scrollTo: ({ top }: ScrollToOptions) => scroll(isSmooth ? (scrollY + (top ?? 0) - WINDOW_PX) / 2 : (top ?? 0)),
    });
  });

  const open = async (others: Type<unknown>[] = [AudioPlayer, LineFocus]) => {
    const given = new Map<Type<unknown>, object>([[AudioPlayer, { playing }], [LineFocus, lines], [LiveWords, { spokenNow }]]);
    TestBed.configureTestingModule({
      providers: [LiveTail, TranscriptStore, ...[LiveWords, ...others].map((provide) => ({ provide, useValue: given.get(provide) }))],
    });
    store = TestBed.inject(TranscriptStore);
    const fixture = TestBed.createComponent(PageComponent);
    tail = fixture.componentInstance.tail;
    stable = () => fixture.whenStable();
    await stable();
  };
  const line = (number: number, text = 'Good morning.') => aSegment({ id: `line-${number}`, startMs: number * 1_000, text });
  const read = async (count: number) => {
    store.readingBegins();
    store.readingEnds(aRecording({ status: 'live' }), {
      recordingId: 'recording-1', engine: null, speakers: [], segments: Array.from({ length: count }, (_, number) => line(number)),
    });
    await stable();
  };
  const write = async (...segments: ReturnType<typeof line>[]) => {
    store.applySegments(segments);
    await stable();
  };
  const say = async () => {
    spokenNow.set([{}]);
    await stable();
  };

  it('leaves who opens a long transcript at its beginning, and counts what comes', async () => {
    await open();
    await read(200);
    await say();
    expect([scrollY, tail.unseen()]).toEqual([0, 0]);
    await write(line(200), line(201));
    expect([scrollY, tail.unseen()]).toEqual([0, 2]);
    tail.toEnd();
    expect([scrollY, tail.unseen()]).toEqual([end(), 0]);
  });

  it('leaves her there also when somebody speaks at the moment of the first reading', async () => {
    await open();
    spokenNow.set([{}]);
    await read(200);
    await say();
    expect(scrollY).toBe(0);
  });

  it('keeps the newest words in view of who scrolled to the end, however long a line is', async () => {
    await open();
    await read(200);
    scroll(end());
    await say();
    expect(scrollY).toBe(end());
    await write(line(200, 'Good morning. '.repeat(20)));
    expect([scrollY, tail.unseen()]).toEqual([end(), 0]);
  });

  it('follows a short transcript from its first words on', async () => {
    await open();
    await read(0);
    await say();
    await write(...Array.from({ length: 30 }, (_, number) => line(number)));
    expect(scrollY).toBe(end());
    expect(end()).toBeGreaterThan(0);
  });

  it('goes on following on its way to the end, and stays where somebody scrolls up', async () => {
    await open();
    await read(200);
    isSmooth = true;
    tail.toEnd();
    await write(line(200));
    isSmooth = false;
    await write(line(201));
    expect(scrollY).toBe(end());
    scroll(end() - 200);
    await write(line(202));
    expect([scrollY, tail.unseen()]).toEqual([end() - 200 - LINE_PX, 1]);
  });

  const begin: [string, () => (() => void)][] = [
    ['a line is edited', () => (lines.editing.set({}), () => lines.editing.set(null))],
    ['a speaker is renamed in a line', () => (lines.renaming.set('line-1'), () => lines.renaming.set(null))],
    ['a speaker is renamed in the list', () => {
      const list = document.body.appendChild(document.createElement('auscult-speaker-legend'));
      list.append(document.createElement('input'));
      return () => list.remove();
    }],
  ];
  it.each(begin)('does not move the page while %s', async (_, beginTyping) => {
    await open();
    await read(200);
    scroll(end());
    const stopTyping = beginTyping();
    const before = scrollY;
    for (let number = 200; number < 210; number += 1) await write(line(number));
    await say();
    expect([scrollY, tail.unseen()]).toEqual([before, 10]);
    stopTyping();
    await write(line(210));
    expect([scrollY, tail.unseen()]).toEqual([before, 11]);
  });

  it('follows again after a short correction, where the page still stands at its end', async () => {
    await open();
    await read(200);
    scroll(end());
    lines.editing.set({});
    await write(line(200));
    lines.editing.set(null);
    await write(line(201));
    expect([scrollY, tail.unseen()]).toEqual([end(), 0]);
  });

  it('leaves the page to what is heard while that plays', async () => {
    await open();
    await read(200);
    scroll(end());
    playing.set(true);
    const before = scrollY;
    await write(...Array.from({ length: 10 }, (_, number) => line(200 + number)));
    playing.set(false);
    await write(line(210));
    expect([scrollY, tail.unseen()]).toEqual([before, 1]);
  });

  it('has the newest words in view from the first reading on where the session is on air, whatever page it began on', async () => {
    const setup = document.body.appendChild(document.createElement('p'));
    setup.dataset['px'] = '2000';
    await open([]);
    await read(200);
    expect(scrollY).toBe(end());
    setup.remove();
    scroll(scrollY);
    await write(line(200));
    expect([scrollY, tail.unseen()]).toEqual([end(), 0]);
  });
});
