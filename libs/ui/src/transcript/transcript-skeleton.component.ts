import { ChangeDetectionStrategy, Component } from '@angular/core';
import { SkeletonComponent } from '../skeleton/skeleton.component';

/** The shape of a transcript while it is loaded. */
@Component({
  selector: 'au-transcript-skeleton',
  imports: [SkeletonComponent],
  template: `
    @for (width of widths; track $index) {
      <div class="line">
        <au-skeleton width="2.5rem" height="0.75rem" />
        <div class="text">
          @if ($index % 3 === 0) {
            <au-skeleton width="6.5rem" height="1.6rem" />
          }
          <au-skeleton [width]="width" />
          <au-skeleton [width]="$even ? '62%' : '38%'" />
        </div>
      </div>
    }
  `,
  styles: `
    :host { display: grid; gap: var(--space-5); padding: var(--space-5); }
    .line { display: grid; grid-template-columns: 4rem 1fr; align-items: start; }
    .text { display: grid; gap: var(--space-3); max-width: 44rem; }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TranscriptSkeletonComponent {
  protected readonly widths = ['96%', '88%', '92%', '97%', '84%', '94%'];
}
