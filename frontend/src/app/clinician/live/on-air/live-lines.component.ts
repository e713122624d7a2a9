import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { IconComponent, clock, type IconName } from '@auscult/ui';
import { LiveWords } from '../../transcript/live-words';
import { markWords } from '../../transcript/session-marks.component';
import { SpokenNowComponent } from '../../transcript/spoken-now.component';
import { TranscriptStore } from '../../transcript/transcript.store';

type Row =
  | { kind: 'line'; id: string; atMs: number; time: string; who: string; tone: number; turnBegins: boolean; text: string }
  | { kind: 'mark'; id: string; atMs: number; icon: IconName; text: string };

/** The session's words so far, its marks in between, and below them what is being said. Only finals are read out. */
@Component({
  selector: 'auscult-live-lines',
  imports: [IconComponent, SpokenNowComponent],
  template: `
    <div class="lines" role="log" aria-label="Transcript" aria-live="polite" aria-relevant="additions">
      @for (row of rows(); track row.id) {
        @if (row.kind === 'line') {
          <p class="line" [class.turn]="row.turnBegins" [style.--tone]="'var(--color-speaker-' + row.tone + ')'">
            <span class="time numeric" aria-hidden="true">{{ row.time }}</span>
            @if (row.turnBegins) {
              <span class="who"><span class="speaker-dot" aria-hidden="true"></span>{{ row.who }}<span class="visually-hidden">: </span></span>
            }
            <span class="text">{{ row.text }}</span>
          </p>
        } @else {
          <p class="mark numeric"><span><au-icon [name]="row.icon" [size]="16" />{{ row.text }}</span></p>
        }
      }
    </div>
    @for (words of live.spokenNow(); track words.channel) {
      <auscult-spoken-now [words]="words" />
    }
  `,
  styleUrls: ['../../transcript/spoken-line.css', './live-lines.component.css'],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LiveLinesComponent {
  private readonly store = inject(TranscriptStore);
  protected readonly live = inject(LiveWords);
  protected readonly rows = computed(() => {
    const speakers = this.store.speakersById();
    let before: string | null = null;
    const lines = this.store.segments().filter(({ text }) => text !== '').map((segment): Row => {
      const speaker = speakers.get(segment.speakerId);
      const turnBegins = segment.speakerId !== before;
      before = segment.speakerId;
      const { id, startMs: atMs, text } = segment;
      return { kind: 'line', id, atMs, time: clock(atMs), who: speaker?.name ?? 'Speaker', tone: (speaker?.position ?? 0) % 6, turnBegins, text };
    });
    const marks = this.live.markers().map((marker): Row => ({ kind: 'mark', ...markWords(marker) }));
    return [...lines, ...marks].sort((one, other) => one.atMs - other.atMs);
  });
}
