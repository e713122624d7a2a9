import { ChangeDetectionStrategy, Component, computed, inject, output } from '@angular/core';
import type { MarkerView } from '@auscult/contracts';
import { IconComponent, clock, spokenDuration, type IconName } from '@auscult/ui';
import { LiveWords } from './live-words';

export interface MarkWords {
  id: string;
  icon: IconName;
  atMs: number;
  text: string;
  also: string;
}

/** A mark in words. `also` is what a screen reader needs beside the text: when it was, where the text does not say it. */
export function markWords({ id, kind, atMs, durationMs, label }: MarkerView): MarkWords {
  const [at, spokenAt] = [clock(atMs), spokenDuration(atMs)];
  const long = durationMs === null ? '' : durationMs < 1_000 ? 'a moment' : spokenDuration(durationMs);
  switch (kind) {
    case 'marker':
      return { id, atMs, icon: 'bookmark', text: label ?? `Marked ${at}`, also: label === null ? '' : `, marked at ${spokenAt}` };
    case 'pause':
      return { id, atMs, icon: 'pause', text: long === '' ? `Paused at ${at}` : `Paused for ${long}`, also: long === '' ? '' : ` at ${spokenAt}` };
    case 'off-record':
      return { id, atMs, icon: 'off-record', text: `Off the record: ${long}`, also: ` from ${spokenAt} on` };
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
            <button type="button" (click)="chosen.emit(mark.atMs)">
              <au-icon [name]="mark.icon" [size]="16" />{{ mark.text }}<span class="visually-hidden">{{ mark.also }}</span>
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
