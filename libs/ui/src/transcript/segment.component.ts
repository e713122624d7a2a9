import { ChangeDetectionStrategy, Component, DestroyRef, ElementRef, computed, effect, inject, input, output, viewChild } from '@angular/core';
import type { SegmentView, SpeakerView } from '@auscult/contracts';
import { IconComponent } from '../icon/icon.component';
import { clock, spokenDuration } from './clock';
import { SegmentEditorComponent } from './segment-editor.component';
import { SpeakerChipComponent } from './speaker-chip.component';
import { offsetAtPoint } from './text-caret';
import { TextMarks } from './text-marks';

/** What a person's unsaved words stand against. */
export interface SegmentNotice {
  kind: 'conflict' | 'failed';
  /** Her words, kept. */
  mine: string;
  /** What to say above them. */
  message: string;
}

/** What a person does with a segment: one output for all, because a transcript has thousands of them. */
export type SegmentAction =
  /** Go to the word at this character; null is the segment's start. */
  | { kind: 'play'; offset: number | null }
  /** Correct the text, the caret before this character; null is the end. */
  | { kind: 'edit'; caret: number | null }
  | { kind: 'save'; text: string }
  /** `origin`: the pressed button; the menu opens beside it. */
  | { kind: 'menu' | 'speaker-menu'; origin: HTMLElement }
  | { kind: 'rename-speaker'; name: string }
  | { kind: 'cancel-edit' | 'end-rename' | 'use-mine' | 'drop-mine' };

/** Lines of text that fit on a usual screen; only a guess for the height of segments that were never drawn. */
const CHARS_PER_LINE = 72;

/** One utterance: who, when, what; its text can be corrected in place. Its focus and keys are the page's business. */
@Component({
  selector: 'au-segment',
  imports: [IconComponent, SegmentEditorComponent, SpeakerChipComponent],
  templateUrl: './segment.component.html',
  styleUrl: './segment.component.css',
  host: {
    'role': 'article',
    '[id]': "'segment-' + segment().id",
    '[attr.data-segment]': 'segment().id',
    '[attr.tabindex]': 'tabStop() ? 0 : -1',
    '[attr.aria-label]': 'label()',
    '[class.turn]': 'turnBegins()',
    '[class.editing]': 'editing()',
    '[style.--lines]': 'lines()',
    '[style.--tone]': "'var(--color-speaker-' + tone() + ')'",
  },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SegmentComponent {
  private readonly marks = inject(TextMarks);
  readonly segment = input.required<SegmentView>();
  readonly speaker = input<SpeakerView | undefined>();
  /** The speaker is another one than before: her name is shown. */
  readonly turnBegins = input(true);
  /** Whether the Tab key stops here; only one segment of a transcript does. */
  readonly tabStop = input(false);
  readonly editing = input(false);
  readonly caret = input<number | null>(null);
  readonly renaming = input(false);
  readonly notice = input<SegmentNotice | null>(null);
  readonly hours = input(false);

  readonly acted = output<SegmentAction>();

  protected readonly time = computed(() => clock(this.segment().startMs, { hours: this.hours() }));
  protected readonly tone = computed(() => (this.speaker()?.position ?? 0) % 6);
  protected readonly lines = computed(() => Math.ceil(this.segment().text.length / CHARS_PER_LINE));
  protected readonly label = computed(() => `${this.speaker()?.name ?? 'Speaker'}, ${spokenDuration(this.segment().startMs)}`);
  private readonly text = viewChild<ElementRef<HTMLElement>>('text');

  constructor() {
    let shown: { id: string; element: HTMLElement } | null = null;
    const forget = (): void => {
      if (shown) this.marks.remove(shown.id, shown.element);
      shown = null;
    };
    effect(() => {
      const element = this.text()?.nativeElement;
      forget();
      if (!element) return;
      shown = { id: this.segment().id, element };
      this.marks.add(shown.id, element);
    });
    inject(DestroyRef).onDestroy(forget);
  }

  protected pressed(event: MouseEvent, element: HTMLElement): void {
    // Who drags over words wants to copy them.
    if (event.detail > 1 || element.ownerDocument.getSelection()?.isCollapsed === false) return;
    this.acted.emit({ kind: 'play', offset: offsetAtPoint(element, event.clientX, event.clientY) });
  }

  protected pressedTwice(event: MouseEvent, element: HTMLElement): void {
    this.acted.emit({ kind: 'edit', caret: offsetAtPoint(element, event.clientX, event.clientY) });
  }

  protected openMenu(kind: 'menu' | 'speaker-menu', event: Event): void {
    this.acted.emit({ kind, origin: event.currentTarget as HTMLElement });
  }

  protected renamingChanged(renaming: boolean): void {
    if (!renaming) this.acted.emit({ kind: 'end-rename' });
  }
}
