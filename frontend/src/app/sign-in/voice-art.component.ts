import { ChangeDetectionStrategy, Component } from '@angular/core';

const BARS = 56;

interface Bar {
  x: number;
  y: number;
  height: number;
  opacity: number;
  delay: string;
}

/**
 * A voice as bars that settle into stillness within five seconds (WCAG 2.2.2): drawn from sines, so it is the same
 * everywhere and costs no image.
 */
function bars(): Bar[] {
  return Array.from({ length: BARS }, (_, index) => {
    const t = index / (BARS - 1);
    const swell = Math.sin(Math.PI * t) ** 0.8;
    const voice = 0.35 + 0.65 * Math.abs(Math.sin(index * 0.47) * Math.cos(index * 0.19 + 0.6));
    const height = Math.round((14 + 172 * swell * voice) * 10) / 10;
    return { x: 8 + index * 14, y: 110 - height / 2, height, opacity: Math.round((0.22 + 0.7 * swell * voice) * 100) / 100, delay: `${(index * 83) % 800}ms` };
  });
}

@Component({
  selector: 'auscult-voice-art',
  template: `
    <svg viewBox="0 0 800 220" preserveAspectRatio="xMidYMid slice" aria-hidden="true" focusable="false">
      @for (bar of bars; track bar.x) {
        <rect width="5" rx="2.5" [attr.x]="bar.x" [attr.y]="bar.y" [attr.height]="bar.height" [attr.fill-opacity]="bar.opacity" [style.animation-delay]="bar.delay" />
      }
    </svg>
  `,
  styles: `
    :host { display: block; }
    svg { width: 100%; height: 100%; fill: #a9e3d9; }
    rect { transform-box: fill-box; transform-origin: center; animation: breathe 1.3s ease-in-out 3 alternate; }
    @keyframes breathe { to { transform: scaleY(0.62); } }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class VoiceArtComponent {
  protected readonly bars = bars();
}
