import { ChangeDetectionStrategy, Component, afterRenderEffect, computed, inject, signal } from '@angular/core';
import type { MarkerView } from '@auscult/contracts';
import { IconComponent, clock, type IconName } from '@auscult/ui';
import { LiveWords, type SpokenNow } from '../../transcript/live-words';
import { markWords } from '../../transcript/session-marks.component';
import { SpokenNowComponent } from '../../transcript/spoken-now.component';
import { TranscriptStore } from '../../transcript/transcript.store';

type Timed =
  | { kind: 'line'; id: string; atMs: number; time: string; who: string; tone: number; turnBegins: boolean; text: string }
  | { kind: 'mark'; id: string; atMs: number; icon: IconName; text: string };
type Row = Timed | { kind: 'spoken'; id: string; words: SpokenNow };

/** By then a screen reader has seen what was drawn, in ms. */
const DRAWN_MS = 500;

/** The session's words so far, what is being said below them, and its marks where they belong. Only finals and marks are read out. */
@Component({
  selector: 'auscult-live-lines',
  imports: [IconComponent, SpokenNowComponent],
  template: `
    <div class="lines" role="log" aria-label="Transcript" [attr.aria-live]="isRead() ? 'polite' : 'off'" aria-relevant="additions">
      @for (row of rows(); track row.id) {
        @if (row.kind === 'line') {
          <p class="line" [class.turn]="row.turnBegins" [style.--tone]="'var(--color-speaker-' + row.tone + ')'">
            <span class="time numeric" aria-hidden="true">{{ row.time }}</span>
            @if (row.turnBegins) {
              <span class="who"><span class="speaker-dot" aria-hidden="true"></span>{{ row.who }}<span class="visually-hidden">: </span></span>
            }
            <span class="text">{{ row.text }}</span>
          </p>
        } @else if (row.kind === 'spoken') {
          <auscult-spoken-now [words]="row.words" />
        } @else {
          <p class="mark numeric"><span><au-icon [name]="row.icon" [size]="16" />{{ row.text }}</span></p>
        }
      }
    </div>
  `,
  styleUrls: ['../../transcript/spoken-line.css', './live-lines.component.css'],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LiveLinesComponent {
  private readonly store = inject(TranscriptStore);
  private readonly live = inject(LiveWords);
  /** What there was before stands on the page: a session that is gone on with is not read out from its beginning. */
  protected readonly isRead = signal(false);
  private readonly timeline = computed(() => [...this.lines(), ...this.live.markers().map(markRow)].sort((one, other) => one.atMs - other.atMs));
  protected readonly rows = computed<Row[]>(() => {
    const speaking = this.live.spokenNow();
    const since = Math.min(...speaking.map(({ startMs }) => startMs));
    // A moment of what is being said stands below it: there it stays when the words are written.
    const isLater = (row: Timed): boolean => row.kind === 'mark' && row.atMs > since;
    const spoken = speaking.map((words): Row => ({ kind: 'spoken', id: `channel-${words.channel}`, words }));
    return [...this.timeline().filter((row) => !isLater(row)), ...spoken, ...this.timeline().filter(isLater)];
  });

  constructor() {
    afterRenderEffect((onCleanup) => {
      if (this.store.loadState().kind !== 'ready') return;
      const timer = setTimeout(() => this.isRead.set(true), DRAWN_MS);
      onCleanup(() => clearTimeout(timer));
    });
  }

  private lines(): Timed[] {
    const speakers = this.store.speakersById();
    let before: string | null = null;
    return this.store.segments().filter((segment) => segment.text !== '' && !this.live.hides(segment)).map((segment): Timed => {
      const speaker = speakers.get(segment.speakerId);
      const turnBegins = segment.speakerId !== before;
      before = segment.speakerId;
      const { id, startMs: atMs, text } = segment;
      return { kind: 'line', id, atMs, time: clock(atMs), who: speaker?.name ?? 'Speaker', tone: (speaker?.position ?? 0) % 6, turnBegins, text };
    });
  }
}

function markRow(marker: MarkerView): Timed {
  const { id, atMs, icon, text } = markWords(marker);
  return { kind: 'mark', id, atMs, icon, text };
}
