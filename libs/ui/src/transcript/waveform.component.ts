import { ChangeDetectionStrategy, Component, DestroyRef, ElementRef, afterNextRender, computed, inject, input, output, signal } from '@angular/core';
import type { WaveformView } from '@auscult/contracts';
import { clock, spokenDuration } from './clock';
import { BAR_PX, barHeights, barPath } from './waveform-bars';

const HEIGHT = 56;
const STEP_MS = 5_000;
const PAGE_MS = 30_000;

/**
 * The recording as a slider: its sound drawn for each channel apart, or a plain line before that is known. Click, drag and
 * keys choose a place. Drawn as SVG paths, so colours follow the theme by themselves.
 */
@Component({
  selector: 'au-waveform',
  templateUrl: './waveform.component.html',
  styleUrl: './waveform.component.css',
  host: {
    'role': 'slider',
    'tabindex': '0',
    'aria-label': 'Position in the recording',
    'aria-valuemin': '0',
    '[attr.aria-valuemax]': 'seconds(durationMs())',
    '[attr.aria-valuenow]': 'seconds(positionMs())',
    '[attr.aria-valuetext]': 'valueText()',
    '[attr.aria-disabled]': 'durationMs() === null || null',
    '[class.dragging]': 'dragMs() !== null',
    '(pointerdown)': 'begin($event)',
    '(pointermove)': 'move($event)',
    '(pointerup)': 'end($event)',
    '(pointercancel)': 'dragMs.set(null)',
    '(pointerleave)': 'hoverMs.set(null)',
    '(keydown)': 'key($event)',
  },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class WaveformComponent {
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly destroyRef = inject(DestroyRef);

  readonly waveform = input<WaveformView | null>(null);
  readonly durationMs = input<number | null>(null);
  readonly positionMs = input(0);
  /** How far the transcript reaches while it is being written; null when it is done. */
  readonly reachedMs = input<number | null>(null);
  /** The colour of each channel: its speaker's position. */
  readonly channelTones = input<readonly number[]>([0, 1]);
  /** Places worth a tick, such as search results. */
  readonly ticksMs = input<readonly number[]>([]);
  readonly chosen = output<number>();

  protected readonly height = HEIGHT;
  private readonly width = signal(0);
  protected readonly hoverMs = signal<number | null>(null);
  protected readonly dragMs = signal<number | null>(null);

  protected readonly viewBox = computed(() => `0 0 ${this.width()} ${HEIGHT}`);
  protected readonly channels = computed(() => {
    const [waveform, count] = [this.waveform(), Math.floor(this.width() / BAR_PX)];
    if (!waveform || count <= 0) return [];
    const all = barHeights(waveform.peaks, count);
    return all.map((heights, index) => {
      const direction = all.length === 1 ? 'both' : index === 0 ? 'up' : 'down';
      const tone = (this.channelTones()[index] ?? index) % 6;
      return { path: barPath(heights, { height: HEIGHT, direction }), color: `var(--color-speaker-${tone})` };
    });
  });
  protected readonly played = computed(() => this.share(this.dragMs() ?? this.positionMs()));
  protected readonly reached = computed(() => {
    const reached = this.reachedMs();
    return reached === null ? null : this.share(reached);
  });
  protected readonly hover = computed(() => {
    const ms = this.dragMs() ?? this.hoverMs();
    return ms === null ? null : { share: this.share(ms), text: clock(ms) };
  });
  protected readonly valueText = computed(() => {
    const duration = this.durationMs();
    const position = spokenDuration(Math.floor(this.positionMs() / 1000) * 1000);
    return duration === null ? position : `${position} of ${spokenDuration(duration)}`;
  });

  constructor() {
    afterNextRender(() => {
      if (typeof ResizeObserver === 'undefined') return;
      const observer = new ResizeObserver(() => this.width.set(this.element.clientWidth));
      observer.observe(this.element);
      this.destroyRef.onDestroy(() => observer.disconnect());
    });
  }

  protected seconds(ms: number | null): number {
    return Math.floor((ms ?? 0) / 1000);
  }

  /** A place as a part of the whole, 0 to 1. */
  protected share(ms: number): number {
    const duration = this.durationMs();
    return duration ? Math.min(1, Math.max(0, ms / duration)) : 0;
  }

  protected begin(event: PointerEvent): void {
    if (event.button !== 0 || this.durationMs() === null) return;
    this.element.setPointerCapture(event.pointerId);
    this.dragMs.set(this.msAt(event));
  }

  protected move(event: PointerEvent): void {
    if (this.durationMs() === null) return;
    if (this.dragMs() !== null) this.dragMs.set(this.msAt(event));
    else if (event.pointerType === 'mouse') this.hoverMs.set(this.msAt(event));
  }

  protected end(event: PointerEvent): void {
    if (this.dragMs() === null) return;
    this.chosen.emit(this.msAt(event));
    this.dragMs.set(null);
  }

  protected key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = this.targetOf(event.key);
    if (target === null) return;
    event.preventDefault();
    event.stopPropagation();
    this.chosen.emit(Math.min(this.durationMs() ?? 0, Math.max(0, target)));
  }

  private targetOf(key: string): number | null {
    const [position, duration] = [this.positionMs(), this.durationMs()];
    if (duration === null) return null;
    const targets: Record<string, number> = {
      ArrowLeft: position - STEP_MS,
      ArrowDown: position - STEP_MS,
      ArrowRight: position + STEP_MS,
      ArrowUp: position + STEP_MS,
      PageDown: position - PAGE_MS,
      PageUp: position + PAGE_MS,
      Home: 0,
      End: duration,
    };
    return targets[key] ?? null;
  }

  private msAt(event: PointerEvent): number {
    const { left, width } = this.element.getBoundingClientRect();
    return (this.durationMs() ?? 0) * Math.min(1, Math.max(0, (event.clientX - left) / width));
  }
}
