import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { clock } from '@auscult/ui';
import type { SpokenNow } from './live-words';

/** Words while they are spoken: the firm ones as they will stay, the tentative ones paler. Screen readers hear the final line instead. */
@Component({
  selector: 'auscult-spoken-now',
  template: `
    <p class="line" [class.turn]="words().turnBegins">
      <span class="time numeric">{{ time() }}</span>
      @if (words().turnBegins) {
        <span class="who"><span class="speaker-dot"></span>{{ words().speakerName }}</span>
      }
      <span class="text"><span class="firm">{{ words().firm }}</span>&ngsp;<span class="tentative">{{ words().tentative }}</span><span class="caret"></span></span>
    </p>
  `,
  styleUrls: ['./spoken-line.css', './spoken-now.component.css'],
  host: { 'aria-hidden': 'true', '[style.--tone]': "'var(--color-speaker-' + words().tone + ')'" },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SpokenNowComponent {
  readonly words = input.required<SpokenNow>();
  protected readonly time = computed(() => clock(this.words().startMs));
}
