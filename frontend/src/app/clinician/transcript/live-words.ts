import { DestroyRef, Injectable, computed, inject, linkedSignal, signal } from '@angular/core';
import type { LivePartial, MarkerView, SegmentView } from '@auscult/contracts';
import { AUSCULT_CLIENT } from '../../core/auscult-client.token';
import { Realtime } from '../../core/realtime';
import { overlaps, spanOf, type Span } from './span';
import { TranscriptStore } from './transcript.store';
import { TranscriptSync } from './transcript-sync';

/** What somebody is saying now, with who it is where that is known. */
export interface SpokenNow extends LivePartial {
  speakerName: string | null;
  /** Somebody else spoke before: the line that it becomes begins with the speaker's name. */
  turnBegins: boolean;
  /** Gives the colour. */
  tone: number;
}

/** Of a recording that was made live: what is being said, and the moments that were marked. */
@Injectable()
export class LiveWords {
  private readonly client = inject(AUSCULT_CLIENT);
  private readonly realtime = inject(Realtime);
  private readonly store = inject(TranscriptStore);
  private readonly sync = inject(TranscriptSync);
  private readonly destroyRef = inject(DestroyRef);
  /** What is written goes for good: its line may become another speaker's, and other lines follow it. */
  private readonly partials = linkedSignal<readonly SegmentView[], readonly LivePartial[]>({
    source: this.store.segments,
    computation: (_segments, before) => before?.value.filter((partial) => !this.isWritten(partial)) ?? [],
  });
  private readonly list = signal<readonly MarkerView[]>([]);
  /** Put off the record on this device, and not told of by the server yet. */
  private readonly waiting = signal<readonly MarkerView[]>([]);
  private readonly forgetters = new Set<(markers: readonly MarkerView[]) => void>();
  private id = '';
  /** Lists that came with an event. */
  private told = 0;
  /** The first reading is past: what comes from now on is new. */
  private known = false;
  /** In their order in time. */
  readonly markers = computed(() => (this.store.loadState().kind === 'gone' ? [] : inOrder([...this.list(), ...this.waiting().filter((marker) => !this.isTold(marker))])));
  /** By time; nothing of what stands in the transcript already. */
  readonly spokenNow = computed<readonly SpokenNow[]>(() => {
    if (!this.store.live()) return [];
    let before = this.channelWrittenLast();
    return this.partials().map((partial) => {
      const turnBegins = partial.channel !== before;
      before = partial.channel;
      return { ...partial, ...this.speakerOf(partial.channel), turnBegins };
    });
  });

  /** Listens until the page is left; `store` holds the recording's rows. */
  start(id: string): void {
    this.id = id;
    const { realtime, destroyRef } = this;
    realtime.on('live:partial', (partial) => partial.recordingId === id && this.heard(partial), destroyRef);
    realtime.on('live:markers', ({ recordingId, markers }) => recordingId === id && this.hear(markers), destroyRef);
    realtime.on('transcript:segments', ({ recordingId, segments }) => recordingId === id && this.written(segments), destroyRef);
    realtime.on('transcript:removed', ({ recordingId }) => recordingId === id && this.partials.set([]), destroyRef);
    realtime.onConnect(() => this.connected(), destroyRef);
    void this.read();
  }

  /** Hears of what goes off the record while the page is open. */
  onOffRecord(forget: (markers: readonly MarkerView[]) => void): void {
    this.forgetters.add(forget);
  }

  /** From now on nothing of it is shown here, whenever the server hears of it. */
  putOffRecord(id: string, untilMs: number, minutes: number): void {
    const atMs = Math.max(0, untilMs - minutes * 60_000);
    const marker: MarkerView = { id, kind: 'off-record', atMs, durationMs: untilMs - atMs, label: null, createdAt: new Date().toISOString() };
    this.waiting.update((waiting) => [...waiting, marker]);
    this.partials.update((partials) => partials.filter((partial) => !this.isOffRecord(partial)));
  }

  /** A line with words that were put off the record here; what the server leaves of it comes back. */
  hides(line: Span): boolean {
    return this.waiting().some((marker) => overlaps(line, spanOf(marker)));
  }

  /** The server has taken everything that was put off the record here; it may have moved it behind another device's sound. */
  allTaken(): Promise<void> {
    return this.uncover(this.waiting());
  }

  /** What the server has left of their lines is shown once it has told what that is. */
  private async uncover(markers: readonly MarkerView[]): Promise<void> {
    if (markers.length === 0) return;
    await this.sync.rowsCome();
    this.waiting.update((waiting) => waiting.filter((marker) => !markers.includes(marker)));
  }

  private isTold(marker: MarkerView): boolean {
    return this.list().some(({ id }) => id === marker.id);
  }

  private connected(): void {
    // They may have been taken back or become lines meanwhile; what is still being said comes again with its next words.
    this.partials.set([]);
    void this.read();
  }

  private async read(): Promise<void> {
    const { told } = this;
    try {
      const { markers } = await this.client.recordings.markers(this.id);
      // What was heard meanwhile is newer than the answer.
      if (told === this.told) this.keep(markers);
    } catch {
      // The page itself says when the server cannot be reached; the next event or reconnect brings them.
    }
  }

  private hear(markers: readonly MarkerView[]): void {
    this.told += 1;
    this.known = true;
    this.keep(markers);
  }

  private keep(markers: readonly MarkerView[]): void {
    const before = new Set(this.list().map(({ id }) => id));
    const forgets = this.known ? markers.filter(({ id, kind }) => kind === 'off-record' && !before.has(id)) : [];
    this.known = true;
    this.list.set(inOrder(markers));
    void this.uncover(this.waiting().filter((marker) => this.isTold(marker)));
    this.partials.update((partials) => partials.filter((partial) => !this.isOffRecord(partial)));
    // That its lines are gone is told too, but such a message may be lost.
    if (forgets.length === 0) return;
    this.forgetters.forEach((forget) => forget(forgets));
    void this.sync.read();
  }

  /** A line may be told late, with words that have been put off the record since: the rows know. */
  private written(segments: readonly SegmentView[]): void {
    const offRecord = this.list().filter(({ kind }) => kind === 'off-record');
    if (segments.some((segment) => offRecord.some((marker) => overlaps(segment, spanOf(marker))))) void this.sync.read();
  }

  private isOffRecord({ startMs }: LivePartial): boolean {
    return this.markers().some(({ kind, atMs, durationMs }) => kind === 'off-record' && startMs >= atMs && startMs < atMs + (durationMs ?? 0));
  }

  private heard(partial: LivePartial): void {
    const others = this.partials().filter(({ channel }) => channel !== partial.channel);
    // One that comes late may hold what has been put off the record since.
    const isGone = (partial.firm === '' && partial.tentative === '') || this.isOffRecord(partial) || this.isWritten(partial);
    this.partials.set(isGone ? others : [...others, partial].sort((one, other) => one.startMs - other.startMs));
  }

  /**
   * A final of the same words has its middle after their beginning; the one before has not. What ends before they begin comes before their
   * final in the order of the lines.
   */
  private isWritten(partial: LivePartial): boolean {
    const segments = this.store.segments();
    for (let index = segments.length - 1; index >= 0; index -= 1) {
      const segment = segments[index];
      if (!segment || segment.endMs < partial.startMs) return false;
      if (this.isOfChannel(segment, partial.channel) && (segment.startMs + segment.endMs) / 2 > partial.startMs) return true;
    }
    return false;
  }

  /** Of one microphone is every line, whoever it was given to. */
  private isOfChannel({ speakerId }: SegmentView, channel: number): boolean {
    return this.store.recording()?.channelCount === 1 || this.store.speakersById().get(speakerId)?.channel === channel;
  }

  private channelWrittenLast(): number | null {
    const last = this.store.segments().findLast(({ text }) => text !== '');
    return (last && this.store.speakersById().get(last.speakerId)?.channel) ?? null;
  }

  private speakerOf(channel: number): { speakerName: string | null; tone: number } {
    const speaker = this.store.speakers().find((one) => one.channel === channel);
    return { speakerName: speaker?.name ?? null, tone: (speaker?.position ?? channel) % 6 };
  }
}

const inOrder = (markers: readonly MarkerView[]): readonly MarkerView[] => markers.toSorted((one, other) => one.atMs - other.atMs);
