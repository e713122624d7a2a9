import { ChangeDetectionStrategy, Component, computed, inject, output } from '@angular/core';
import type { MarkerView } from '@auscult/contracts';
import { IconComponent, clock, spokenDuration, type IconName } from '@auscult/ui';
import { LiveWords } from './live-words';

export interface MarkWords {
  id: string;
  icon: IconName;
  atMs: number;
  text: string;
  spoken: string;
}

/** A mark in words: for the eye and for a screen reader. */
export function markWords(marker: MarkerView): MarkWords {
  const { id, atMs } = marker;
  const at = clock(atMs);
  const spokenAt = spokenDuration(atMs);
  const long = marker.durationMs === null ? '' : spokenDuration(marker.durationMs);
  switch (marker.kind) {
    case 'marker':
      return { id, atMs, icon: 'bookmark', text: marker.label ?? `Marked ${at}`, spoken: `${marker.label ?? 'Marked'} at ${spokenAt}` };
    case 'pause':
      return { id, atMs, icon: 'pause', text: long === '' ? `Paused at ${at}` : `Paused for ${long}`, spoken: `Paused ${long === '' ? '' : `for ${long} `}at ${spokenAt}` };
    case 'off-record':
      return { id, atMs, icon: 'off-record', text: `Off the record: ${long}`, spoken: `${long} off the record from ${spokenAt}` };
  }
}

/** The moments of a live session that were marked; a press goes there. */
@Component({
  selector: 'auscult-session-marks',
  imports: [IconComponent],
  template: `
    @if (marks().length > 0) {
      <ul role="list" aria-label="Marks of the session">
        @for (mark of marks(); track mark.id) {
          <li>
            <button type="button" [attr.aria-label]="mark.spoken" (click)="chosen.emit(mark.atMs)">
              <au-icon [name]="mark.icon" [size]="16" />{{ mark.text }}
            </button>
          </li>
        }
      </ul>
    }
  `,
  styles: `
    ul { display: flex; flex-wrap: wrap; gap: var(--space-2); padding: 0 var(--space-4) var(--space-2); }
    button {
      position: relative; display: inline-flex; align-items: center; gap: var(--space-2); min-height: 1.875rem; padding: 0 var(--space-3) 0 0.625rem;
      border: 1px solid var(--color-line); border-radius: var(--radius-full); background: none; color: var(--color-ink-soft);
      font-size: var(--text-sm); cursor: pointer;
    }
    button::after { content: ''; position: absolute; inset: -0.4375rem 0; }
    button:hover { background: var(--color-hover); color: var(--color-ink); }
    button:focus-visible { border-radius: var(--radius-full); }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SessionMarksComponent {
  private readonly words = inject(LiveWords);
  readonly chosen = output<number>();
  protected readonly marks = computed(() => this.words.markers().map(markWords));
}
