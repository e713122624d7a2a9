import { Injectable, computed, inject, signal, DestroyRef } from '@angular/core';
import type { RecordingPage, RecordingView } from '@auscult/contracts';
import { AUSCULT_CLIENT } from '../../core/auscult-client.token';
import { Realtime } from '../../core/realtime';
import { PAGE_SIZE, matches, sameFilter, type RecordingFilter } from './recording-filter';

/** First and longest pause before a failed reading is tried again, in ms. */
const RETRY_MS = 1_000;
const RETRY_MAX_MS = 15_000;

/** `refreshing` keeps the rows that are there in sight. */
export type ListState = { kind: 'loading' } | { kind: 'ready'; refreshing: boolean } | { kind: 'failed'; error: unknown };

/**
 * One page of the person's recordings: read from the server, kept fresh by events, read anew after the channel was down.
 * The newest filter wins: an answer to an older one is dropped. Rows stay when they cannot be read anew, and that is tried again.
 */
@Injectable()
export class RecordingsList {
  private readonly client = inject(AUSCULT_CLIENT);
  private readonly page = signal<RecordingPage>({ items: [], total: 0, page: 1, pageSize: PAGE_SIZE });
  private readonly status = signal<ListState>({ kind: 'loading' });
  private filter: RecordingFilter = { search: '', status: null, page: 1 };
  /** Whose rows are there; null before the first answer. */
  private answered: RecordingFilter | null = null;
  private reading: AbortController | null = null;
  private failures = 0;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  /** Events that came while a reading was under way: newer than its answer. Null entries are deletions. */
  private readonly arrivals = new Map<string, RecordingView | null>();

  readonly state = this.status.asReadonly();
  readonly items = computed(() => this.page().items);
  readonly total = computed(() => this.page().total);

  constructor() {
    const [realtime, destroyRef] = [inject(Realtime), inject(DestroyRef)];
    realtime.on('recording:changed', ({ recording }) => this.accept(recording), destroyRef);
    realtime.on('recording:deleted', ({ recordingId }) => this.remove(recordingId), destroyRef);
    realtime.onConnect(() => void this.read(), destroyRef);
    destroyRef.onDestroy(() => this.stop());
  }

  show(filter: RecordingFilter): Promise<void> {
    this.filter = filter;
    return this.read();
  }

  /** Reads the rows; an earlier reading is given up. */
  async read(): Promise<void> {
    this.stop();
    const reading = (this.reading = new AbortController());
    this.status.set(this.status().kind === 'ready' ? { kind: 'ready', refreshing: true } : { kind: 'loading' });
    this.arrivals.clear();
    try {
      const { filter } = this;
      const { search, status, page } = filter;
      const answer = await this.client.recordings.list(
        { page, pageSize: PAGE_SIZE, search: search || undefined, status: status ?? undefined },
        { signal: reading.signal },
      );
      if (this.reading !== reading) return;
      this.reading = null;
      this.failures = 0;
      this.answered = filter;
      this.page.set(answer);
      this.status.set({ kind: 'ready', refreshing: false });
      this.replayArrivals();
    } catch (error) {
      if (this.reading !== reading) return;
      this.reading = null;
      this.readingFailed(error);
    }
  }

  /** A newer row: shown in its place, by its age when it is new, gone when the filter no longer wants it. */
  accept(recording: RecordingView): void {
    if (this.reading) this.arrivals.set(recording.id, recording);
    const listed = this.items().some((item) => item.id === recording.id);
    if (listed && matches(this.filter, recording)) {
      this.page.update((page) => ({ ...page, items: page.items.map((item) => (item.id === recording.id ? recording : item)) }));
    } else if (listed) {
      // It left this filter: the next row moves up from the following page, which only the server knows.
      this.drop(recording.id);
      if (!this.reading) void this.read();
    } else if (this.filter.page === 1 && matches(this.filter, recording) && this.isOfFirstPage(recording)) {
      this.page.update((page) => ({ ...page, total: page.total + 1, items: byAge([recording, ...page.items]).slice(0, PAGE_SIZE) }));
    }
  }

  remove(recordingId: string): void {
    if (this.reading) this.arrivals.set(recordingId, null);
    this.drop(recordingId);
  }

  private stop(): void {
    clearTimeout(this.retryTimer);
    this.reading?.abort();
    this.reading = null;
  }

  private readingFailed(error: unknown): void {
    if (this.answered === null || !sameFilter(this.answered, this.filter)) {
      // The rows of another filter are no answer to this one, and events go on for this one only.
      this.answered = null;
      this.status.set({ kind: 'failed', error });
      return;
    }
    this.status.set({ kind: 'ready', refreshing: false });
    this.failures += 1;
    this.retryTimer = setTimeout(() => void this.read(), Math.min(RETRY_MAX_MS, RETRY_MS * 2 ** this.failures));
  }

  private drop(recordingId: string): void {
    if (!this.items().some((item) => item.id === recordingId)) return;
    this.page.update((page) => ({ ...page, total: page.total - 1, items: page.items.filter((item) => item.id !== recordingId) }));
  }

  /** Of recordings that are made at once, the events may come in any order. */
  private isOfFirstPage(recording: RecordingView): boolean {
    const oldest = this.items().at(-1);
    return oldest === undefined || this.items().length < PAGE_SIZE || recording.createdAt >= oldest.createdAt;
  }

  private replayArrivals(): void {
    const arrivals = [...this.arrivals];
    this.arrivals.clear();
    for (const [id, recording] of arrivals) {
      if (recording) this.accept(recording);
      else this.remove(id);
    }
  }
}

const byAge = (recordings: readonly RecordingView[]): RecordingView[] => recordings.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
