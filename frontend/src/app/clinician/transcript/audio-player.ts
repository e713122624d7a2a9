import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import { AUSCULT_CLIENT } from '../../core/auscult-client.token';
import { AudioLink } from './audio-link';
import { PREPARE_MS, StandbyAudio, release } from './standby-audio';
import { storedRate, storeRate } from './playback-rate';

/** A link that ends sooner is renewed before a seek or a start, which interrupt the sound anyway; in ms. */
const FRESH_MS = 20_000;
/** So many failures without any sound in between mean that it is not the link. */
const ATTEMPTS = 2;

/** `unplayable`: this browser cannot decode it. `unreachable`: no link or no data could be had. */
export type AudioTrouble = 'unplayable' | 'unreachable';

/** Plays the recording through its signed link and renews that without being heard. */
@Injectable()
export class AudioPlayer {
  private readonly client = inject(AUSCULT_CLIENT);
  private readonly id = signal('');
  private readonly link = new AudioLink(() => this.client.recordings.audioLink(this.id()));
  private readonly position = signal(0);
  private readonly isPlaying = signal(false);
  private readonly isWaiting = signal(false);
  private readonly speed = signal(storedRate());
  private readonly fault = signal<AudioTrouble | null>(null);
  private readonly length = signal<number | null>(null);
  private readonly rowLength = signal<number | null>(null);
  private element = new Audio();
  private standby: StandbyAudio | null = null;
  private failures = 0;
  private frame = 0;

  /** A session that is on air has nothing to play yet. */
  readonly isOpen = computed(() => this.id() !== '');
  readonly positionMs = this.position.asReadonly();
  readonly playing = this.isPlaying.asReadonly();
  /** Asked to play and not yet heard. */
  readonly waiting = this.isWaiting.asReadonly();
  readonly rate = this.speed.asReadonly();
  readonly trouble = this.fault.asReadonly();
  /** The recording's own length where it is known; browsers do not know that of a recorded webm. */
  readonly durationMs = computed(() => this.rowLength() ?? this.length());
  /** Tells whether nobody speaks at a moment; set by the page. */
  quietAt: (ms: number) => boolean = () => false;

  constructor() {
    inject(DestroyRef).onDestroy(() => this.close());
    this.listen(this.element);
  }

  open(id: string): void {
    this.id.set(id);
    void this.load();
  }

  setDuration(ms: number | null): void {
    this.rowLength.set(ms);
  }

  toggle(): void {
    if (this.isPlaying()) this.pause();
    else void this.play();
  }

  pause(): void {
    this.isPlaying.set(false);
    this.isWaiting.set(false);
    this.element.pause();
  }

  async play(): Promise<void> {
    if (!this.isOpen()) return;
    this.isPlaying.set(true);
    this.isWaiting.set(true);
    const duration = this.durationMs();
    if (duration !== null && this.position() >= duration - 50) this.position.set(0);
    if (this.fault() !== null || !this.link.lasts(FRESH_MS)) {
      this.failures = 0;
      await this.load();
    } else {
      if (Math.abs(this.element.currentTime * 1000 - this.position()) > 50) this.element.currentTime = this.position() / 1000;
      await this.sound();
    }
  }

  /** To a place in ms; the sound goes on when it was on. */
  seek(ms: number): void {
    const target = Math.max(0, Math.min(ms, this.durationMs() ?? ms));
    this.position.set(target);
    this.dropStandby();
    if (this.link.lasts(FRESH_MS) && this.fault() === null) this.element.currentTime = target / 1000;
    else if (this.isOpen()) void this.load();
  }

  skip(ms: number): void {
    this.seek(this.position() + ms);
  }

  setRate(rate: number): void {
    this.speed.set(rate);
    this.element.playbackRate = rate;
    storeRate(rate);
  }

  /** Takes a fresh link and goes to the current place. */
  private async load(): Promise<void> {
    this.fault.set(null);
    let url: string;
    try {
      url = await this.link.renew();
    } catch {
      if (this.isOpen()) this.stopWith('unreachable');
      return;
    }
    if (!this.isOpen()) return;
    this.element.src = url;
    this.element.defaultPlaybackRate = this.speed();
    this.element.playbackRate = this.speed();
    this.element.currentTime = this.position() / 1000;
    if (this.isPlaying()) await this.sound();
  }

  private async sound(): Promise<void> {
    try {
      await this.element.play();
    } catch (error) {
      // An aborted start was overtaken by a pause or another source; a fault of the source arrives as an event of its own.
      if (error instanceof DOMException && error.name === 'NotAllowedError') this.pause();
    }
  }

  private listen(element: HTMLAudioElement): void {
    element.preload = 'metadata';
    const on = (event: string, handler: () => void): void =>
      element.addEventListener(event, () => element === this.element && handler());
    on('playing', () => this.sounds());
    on('waiting', () => this.isWaiting.set(this.isPlaying()));
    on('pause', () => this.paused());
    on('ended', () => this.ended());
    on('error', () => void this.failed());
    on('durationchange', () => this.length.set(Number.isFinite(element.duration) ? element.duration * 1000 : null));
  }

  private sounds(): void {
    this.failures = 0;
    this.isWaiting.set(false);
    this.isPlaying.set(true);
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.tick());
  }

  /** Also when the system stops it: a phone call, headphones pulled out. */
  private paused(): void {
    cancelAnimationFrame(this.frame);
    if (this.element.error === null && !this.element.ended && !this.element.seeking) this.isPlaying.set(false);
  }

  private ended(): void {
    cancelAnimationFrame(this.frame);
    this.isPlaying.set(false);
    this.position.set(this.durationMs() ?? this.element.currentTime * 1000);
  }

  private tick(): void {
    if (!this.element.seeking) this.position.set(this.element.currentTime * 1000);
    this.renewUnheard();
    this.frame = requestAnimationFrame(() => this.tick());
  }

  /** Swaps in an element on a new link, where nobody speaks, before the old link ends. */
  private renewUnheard(): void {
    if (this.standby === null) {
      if (this.link.lasts(PREPARE_MS)) return;
      this.standby = new StandbyAudio(() => this.link.renew(), this.position());
      return;
    }
    const next = this.standby.ready();
    if (!next || !(this.standby.isUrgent() || this.quietAt(this.position()))) return;
    const old = this.element;
    this.standby = null;
    this.element = next;
    this.listen(next);
    next.playbackRate = this.speed();
    next.currentTime = old.currentTime;
    void this.sound().then(() => release(old));
  }

  private dropStandby(): void {
    this.standby?.close();
    this.standby = null;
  }

  private async failed(): Promise<void> {
    if (!this.isOpen()) return;
    this.failures += 1;
    const { error } = this.element;
    if (this.failures <= ATTEMPTS) return this.load();
    this.stopWith(error?.code === MediaError.MEDIA_ERR_NETWORK ? 'unreachable' : 'unplayable');
  }

  private stopWith(trouble: AudioTrouble): void {
    this.fault.set(trouble);
    this.pause();
  }

  /** Nothing is heard of it any more. */
  close(): void {
    this.pause();
    cancelAnimationFrame(this.frame);
    this.id.set('');
    this.dropStandby();
    release(this.element);
  }
}
