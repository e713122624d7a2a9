import { Injectable, computed, inject, signal, DestroyRef } from '@angular/core';
import type { RecordingPage, RecordingView } from '@auscult/contracts';
import { AUSCULT_CLIENT } from '../../core/auscult-client.token';
import { Realtime } from '../../core/realtime';
import { PAGE_SIZE, matches, type RecordingFilter } from './recording-filter';

/** `refreshing` keeps the rows that are there in sight. */
export type ListState = { kind: 'loading' } | { kind: 'ready'; refreshing: boolean } | { kind: 'failed'; error: unknown };

/**
 * One page of the person's recordings: read from the server, kept fresh by events, read anew after the channel was down.
 * The newest filter wins: an answer to an older one is dropped.
 */
@Injectable()
export class RecordingsList {
  private readonly client = inject(AUSCULT_CLIENT);
  private readonly page = signal<RecordingPage>({ items: [], total: 0, page: 1, pageSize: PAGE_SIZE });
  private readonly status = signal<ListState>({ kind: 'loading' });
  private filter: RecordingFilter = { search: '', status: null, page: 1 };
  private reading: AbortController | null = null;
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
    destroyRef.onDestroy(() => this.reading?.abort());
  }

  show(filter: RecordingFilter): Promise<void> {
    this.filter = filter;
    return this.read();
  }

  /** Reads the rows; an earlier reading is given up. */
  async read(): Promise<void> {
    this.reading?.abort();
    const reading = (this.reading = new AbortController());
    this.status.set(this.status().kind === 'ready' ? { kind: 'ready', refreshing: true } : { kind: 'loading' });
    this.arrivals.clear();
    try {
      const { search, status, page } = this.filter;
      const answer = await this.client.recordings.list(
        { page, pageSize: PAGE_SIZE, search: search || undefined, status: status ?? undefined },
        { signal: reading.signal },
      );
      if (this.reading !== reading) return;
      this.reading = null;
      this.page.set(answer);
      this.status.set({ kind: 'ready', refreshing: false });
      this.replayArrivals();
    } catch (error) {
      if (this.reading !== reading) return;
      this.reading = null;
      this.status.set({ kind: 'failed', error });
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
