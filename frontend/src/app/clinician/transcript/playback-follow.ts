import { DOCUMENT, DestroyRef, Injectable, computed, effect, inject, signal, untracked } from '@angular/core';
import { TextMarks, placedWords, segmentAt, wordAt } from '@auscult/ui';
import { AudioPlayer } from './audio-player';
import { SegmentScroll } from './segment-scroll';
import { TranscriptStore } from './transcript.store';

const SCROLL_KEYS = ['PageUp', 'PageDown', 'Home', 'End'];

/**
 * Marks the word that is heard and keeps it in view, until the person scrolls by herself: then the page stays where she is
 * and offers the way back.
 */
@Injectable()
export class PlaybackFollow {
  private readonly document = inject(DOCUMENT);
  private readonly player = inject(AudioPlayer);
  private readonly store = inject(TranscriptStore);
  private readonly marks = inject(TextMarks);
  private readonly scroll = inject(SegmentScroll);
  private readonly left = signal(false);
  /** Nothing has been played or sought yet: no word is marked. */
  private readonly begun = signal(false);
  private readonly heardIndex = computed(() => (this.begun() ? segmentAt(this.store.segments(), this.player.positionMs()) : -1));
  readonly heardId = computed(() => this.store.segments()[this.heardIndex()]?.id ?? null);
  private readonly heardWord = computed(() => {
    const segment = this.store.segments()[this.heardIndex()];
    if (!segment) return null;
    const word = placedWords(segment)[wordAt(placedWords(segment), this.player.positionMs())];
    return word ? { segmentId: segment.id, from: word.from, to: word.to, about: segment.wordTiming === 'estimated' } : null;
  }, { equal: (one, other) => one?.segmentId === other?.segmentId && one?.from === other?.from });
  /** The person has scrolled away from what is playing. */
  readonly away = computed(() => this.left() && this.player.playing() && this.heardId() !== null);

  constructor() {
    effect(() => this.player.playing() && this.begun.set(true));
    effect((onCleanup) => {
      this.marks.changes();
      const word = this.heardWord();
      this.marks.mark('au-heard', word && !word.about ? [word] : []);
      this.marks.mark('au-heard-about', word?.about ? [word] : []);
      onCleanup(() => {
        this.marks.mark('au-heard', []);
        this.marks.mark('au-heard-about', []);
      });
    });
    effect((onCleanup) => {
      const id = this.heardId();
      this.marks.changes();
      const row = id === null ? null : this.document.getElementById(`segment-${id}`);
      row?.classList.add('heard');
      onCleanup(() => row?.classList.remove('heard'));
    });
    effect(() => {
      const id = this.heardId();
      if (id !== null && this.player.playing() && !this.left()) untracked(() => this.scroll.toReading(id));
    });
    this.watchScrolling();
  }

  /** To what is playing, and along with it again. */
  back(): void {
    this.begun.set(true);
    this.left.set(false);
    const id = this.heardId();
    if (id !== null) this.scroll.toReading(id);
  }

  /** The person went somewhere in the audio: the page goes along. */
  sought(): void {
    this.begun.set(true);
    this.left.set(false);
  }

  /** Only what a hand does counts: scrolling by ourselves raises `scroll` events too. */
  private watchScrolling(): void {
    const leave = (): void => {
      if (this.player.playing()) this.left.set(true);
    };
    const abort = new AbortController();
    const options = { passive: true, signal: abort.signal };
    this.document.addEventListener('wheel', leave, options);
    this.document.addEventListener('touchmove', leave, options);
    this.document.addEventListener('keydown', (event) => SCROLL_KEYS.includes(event.key) && leave(), options);
    this.document.addEventListener('mousedown', (event) => event.target === this.document.documentElement && leave(), options);
    inject(DestroyRef).onDestroy(() => abort.abort());
  }
}
