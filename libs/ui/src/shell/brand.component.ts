import { ChangeDetectionStrategy, Component } from '@angular/core';

/** The mark, a voice between two silences, and the name. */
@Component({
  selector: 'au-brand',
  template: `
    <svg viewBox="0 0 32 32" width="30" height="30" aria-hidden="true" focusable="false">
      <rect class="ground" width="32" height="32" rx="9.5" />
      <path class="voice" d="M7 16h2.5M12.5 11v10M16 7.5v17M19.5 12v8M22.5 16H25" />
    </svg>
    <span>Auscult</span>
  `,
  styles: `
    :host { display: inline-flex; align-items: center; gap: var(--space-2); }
    .ground { fill: var(--brand-ground, var(--color-accent)); }
    .voice { fill: none; stroke: var(--brand-voice, var(--color-on-accent)); stroke-width: 2.4; stroke-linecap: round; }
    span { font-size: 1.1875rem; font-weight: 680; letter-spacing: -0.025em; }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class BrandComponent {}
