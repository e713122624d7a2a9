import { CdkMenu, CdkMenuItem, CdkMenuItemRadio, CdkMenuTrigger } from '@angular/cdk/menu';
import { ChangeDetectionStrategy, Component, DOCUMENT, ElementRef, computed, effect, inject, signal, untracked, viewChild } from '@angular/core';
import type { SegmentView } from '@auscult/contracts';
import { IconComponent, SegmentComponent, type SegmentAction, type SegmentNotice } from '@auscult/ui';
import { problemMessage } from '../../core/problem-message';
import { LineActions } from './line-actions';
import { LineFocus } from './line-focus';
import { LinesDrawn } from './lines-drawn';
import { TranscriptEdits, type Unsaved } from './transcript-edits';
import { TranscriptStore } from './transcript.store';

/** The lines of the transcript with their menus, editors and keys. */
@Component({
  selector: 'auscult-transcript-lines',
  imports: [CdkMenu, CdkMenuItem, CdkMenuItemRadio, CdkMenuTrigger, IconComponent, SegmentComponent],
  providers: [LinesDrawn],
  templateUrl: './transcript-lines.component.html',
  styleUrl: './transcript-lines.component.css',
  host: {
    'role': 'feed',
    'aria-label': 'Transcript',
    '[attr.aria-busy]': 'store.working()',
    '(keydown)': 'key($event)',
    '(focusin)': 'focused($event)',
    '(input)': 'typed($event)',
  },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TranscriptLinesComponent {
  protected readonly store = inject(TranscriptStore);
  protected readonly actions = inject(LineActions);
  protected readonly lines = inject(LineFocus);
  private readonly drawn = inject(LinesDrawn);
  private readonly edits = inject(TranscriptEdits);
  private readonly document = inject(DOCUMENT);

  protected readonly hours = computed(() => (this.store.recording()?.durationMs ?? 0) >= 3_600_000);
  protected readonly rows = computed(() => {
    const speakers = this.store.speakersById();
    let before: string | null = null;
    return this.drawn.segments().map((segment) => {
      const turnBegins = segment.speakerId !== before;
      before = segment.speakerId;
      return { segment, turnBegins, speaker: speakers.get(segment.speakerId) };
    });
  });
  protected readonly notices = computed(() => {
    return new Map(this.edits.unsavedTexts().map((unsaved) => [unsaved.segmentId, noticeOf(unsaved)]));
  });
  /** The line whose menu is open. */
  protected readonly menuLine = computed(() => this.store.segment(this.menuId() ?? '') ?? null);
  private readonly menuId = signal<string | null>(null);
  private readonly segmentMenu = viewChild.required('segmentMenu', { read: CdkMenuTrigger });
  private readonly speakerMenu = viewChild.required('speakerMenu', { read: CdkMenuTrigger });
  private readonly anchor = viewChild.required<ElementRef<HTMLElement>>('anchor');
  private menuOrigin: HTMLElement | null = null;

  constructor() {
    effect(() => {
      if (this.menuId() === null || this.menuLine() !== null) return;
      untracked(() => this.closeMenus());
    });
  }

  protected act(segment: SegmentView, action: SegmentAction): void {
    switch (action.kind) {
      case 'play':
        return this.actions.playFrom(segment, action.offset);
      case 'edit':
        return this.lines.edit(segment.id, action.caret);
      case 'save':
        return this.save(segment, action.text);
      case 'menu':
      case 'speaker-menu':
        return this.openMenu(segment, action.kind, action.origin);
      case 'rename-speaker':
        return void this.actions.renameSpeaker(segment.speakerId, action.name);
      case 'cancel-edit':
        return this.lines.endEditing(segment.id);
      case 'end-rename':
        return this.lines.renaming.set(null);
      case 'use-mine':
        // The pressed button goes with the notice.
        this.lines.focus(segment.id);
        return void this.edits.saveMine(segment.id);
      case 'drop-mine':
        this.lines.focus(segment.id);
        return this.edits.discardMine(segment.id);
    }
  }

  /** Keys of the line that has the focus itself; its buttons and editor keep theirs. */
  protected key(event: KeyboardEvent): void {
    const id = event.target instanceof HTMLElement ? event.target.dataset['segment'] : undefined;
    const segment = id === undefined ? undefined : this.store.segment(id);
    if (!segment || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!this.run(segment, event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  protected focused(event: FocusEvent): void {
    const row = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-segment]') : null;
    if (row?.dataset['segment'] !== undefined) this.lines.remember(row.dataset['segment']);
  }

  protected typed(event: Event): void {
    const { target } = event;
    if (target instanceof HTMLTextAreaElement) this.lines.type(target.value);
  }

  protected menuClosed(): void {
    this.menuOrigin?.setAttribute('aria-expanded', 'false');
    // Only when the menu gave the focus to nobody: an action may have opened an editor or a dialog.
    if (this.document.activeElement === this.document.body || this.document.activeElement === this.anchor().nativeElement) this.menuOrigin?.focus();
  }

  private run(segment: SegmentView, key: string): boolean {
    if (/^[1-9]$/.test(key)) {
      void this.actions.giveToNumber(segment, Number(key));
      return true;
    }
    const commands: Record<string, () => void> = {
      ArrowUp: () => this.lines.move(segment.id, -1),
      ArrowDown: () => this.lines.move(segment.id, 1),
      Enter: () => this.actions.playFrom(segment, null),
      e: () => this.lines.edit(segment.id, null),
      F2: () => this.lines.edit(segment.id, null),
      h: () => void this.actions.showHistory(segment),
      c: () => this.actions.copy(segment),
    };
    const command = commands[key.length === 1 ? key.toLowerCase() : key];
    command?.();
    return command !== undefined;
  }

  private save(segment: SegmentView, text: string): void {
    const seen = this.lines.editing();
    // A field that goes, with its line or for what went off the record, may still say that it was left.
    if (seen?.id !== segment.id || !this.store.segment(segment.id)) return;
    this.lines.endEditing(segment.id);
    if (text !== seen.text) void this.actions.saveText(segment, text, seen.revision);
  }

  /** Their line is gone. */
  private closeMenus(): void {
    this.menuId.set(null);
    const open = [this.segmentMenu(), this.speakerMenu()].filter((menu) => menu.isOpen());
    open.forEach((menu) => menu.close());
    const next = this.lines.tabStop();
    if (open.length > 0 && next !== null) this.lines.focus(next);
  }

  private openMenu(segment: SegmentView, kind: 'menu' | 'speaker-menu', origin: HTMLElement): void {
    this.menuId.set(segment.id);
    this.menuOrigin = origin;
    origin.setAttribute('aria-expanded', 'true');
    const { left, top, width, height } = origin.getBoundingClientRect();
    const { style } = this.anchor().nativeElement;
    Object.assign(style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
    (kind === 'menu' ? this.segmentMenu() : this.speakerMenu()).open();
  }
}

function noticeOf({ reason, mine }: Unsaved): SegmentNotice {
  if (reason === 'conflict') {
    return { kind: 'conflict', mine: mine.text ?? '', message: 'This line was changed elsewhere while you corrected it.' };
  }
  return { kind: 'failed', mine: mine.text ?? '', message: `Not saved. ${problemMessage(reason.error).title}.` };
}
