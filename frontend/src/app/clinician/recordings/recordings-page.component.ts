import { ChangeDetectionStrategy, Component, DestroyRef, afterNextRender, computed, effect, inject, input, linkedSignal, signal, untracked } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import type { RecordingStatus, RecordingView } from '@auscult/contracts';
import { ButtonComponent, IconComponent, ListSkeletonComponent, PaginationComponent, SegmentedComponent, StatePanelComponent, TextFieldComponent, dateGroup, type SegmentedOption } from '@auscult/ui';
import { problemMessage } from '../../core/problem-message';
import { KeptSessionsComponent } from '../live/setup/kept-sessions.component';
import { DropAnywhereComponent } from '../uploads/drop-anywhere.component';
import { UploadPanelComponent } from '../uploads/upload-panel.component';
import { Uploads } from '../uploads/uploads';
import { RecordingActions } from './recording-actions';
import { PAGE_SIZE, filterFrom, paramsOf, sameFilter, type RecordingFilter } from './recording-filter';
import { RecordingRowComponent } from './recording-row.component';
import { RecordingsList } from './recordings-list';

/** Long enough to type on, short enough to feel immediate. */
const SEARCH_DELAY_MS = 250;

interface Group {
  label: string;
  recordings: RecordingView[];
}

@Component({
  selector: 'auscult-recordings-page',
  imports: [
    ButtonComponent,
    DropAnywhereComponent,
    IconComponent,
    KeptSessionsComponent,
    ListSkeletonComponent,
    PaginationComponent,
    RecordingRowComponent,
    RouterLink,
    SegmentedComponent,
    StatePanelComponent,
    TextFieldComponent,
    UploadPanelComponent,
  ],
  providers: [RecordingsList, RecordingActions],
  templateUrl: './recordings-page.component.html',
  styleUrl: './recordings-page.component.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RecordingsPageComponent {
  /** From the address. */
  readonly search = input<string>();
  readonly status = input<string>();
  readonly page = input<string>();

  private readonly router = inject(Router);
  protected readonly list = inject(RecordingsList);
  protected readonly uploads = inject(Uploads);

  protected readonly filter = computed(() => filterFrom({ search: this.search(), status: this.status(), page: this.page() }), { equal: sameFilter });
  /** What stands in the search field; ahead of the address while somebody types. */
  protected readonly typed = linkedSignal<string, string>({
    source: () => this.filter().search,
    // The address has no spaces at the ends; the field keeps the one that was typed before the next word.
    computation: (search, previous) => (previous?.value.trim() === search ? previous.value : search),
  });
  protected readonly now = signal(new Date());
  protected readonly pageSize = PAGE_SIZE;

  protected readonly filtered = computed(() => this.filter().search !== '' || this.filter().status !== null);
  protected readonly failure = computed(() => {
    const state = this.list.state();
    return state.kind === 'failed' ? problemMessage(state.error) : null;
  });
  protected readonly loading = computed(() => this.list.state().kind === 'loading');
  protected readonly groups = computed(() => groupsOf(this.list.items(), this.now()));
  /** Said to screen readers whenever the answer to a filter has come. */
  protected readonly summary = computed(() => {
    if (this.list.state().kind !== 'ready') return '';
    const total = this.list.total();
    return total === 1 ? '1 recording' : `${total} recordings`;
  });
  protected readonly statuses: readonly SegmentedOption<RecordingStatus | 'all'>[] = [
    { value: 'all', label: 'All' },
    { value: 'live', label: 'On air' },
    { value: 'completed', label: 'Ready' },
    { value: 'transcribing', label: 'Transcribing' },
    { value: 'queued', label: 'Waiting' },
    { value: 'failed', label: 'Failed' },
    { value: 'cancelled', label: 'Cancelled' },
  ];

  private searchTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    const destroyRef = inject(DestroyRef);
    effect(() => {
      const filter = this.filter();
      untracked(() => void this.list.show(filter));
    });
    effect(() => {
      const finished = this.uploads.finished();
      if (finished) untracked(() => this.list.accept(finished));
    });
    const clock = setInterval(() => this.now.set(new Date()), 30_000);
    destroyRef.onDestroy(() => {
      clearInterval(clock);
      clearTimeout(this.searchTimer);
    });
    afterNextRender(() => void this.uploads.start());
  }

  protected typing(text: string): void {
    this.typed.set(text);
    clearTimeout(this.searchTimer);
    this.searchTimer = setTimeout(() => this.go({ ...this.filter(), search: text.trim(), page: 1 }, 'replace'), SEARCH_DELAY_MS);
  }

  protected clearSearch(): void {
    clearTimeout(this.searchTimer);
    this.go({ ...this.filter(), search: '', page: 1 });
  }

  protected chooseStatus(status: RecordingStatus | 'all'): void {
    clearTimeout(this.searchTimer);
    this.go({ search: this.typed().trim(), status: status === 'all' ? null : status, page: 1 });
  }

  protected choosePage(page: number): void {
    this.go({ ...this.filter(), page });
  }

  protected showAll(): void {
    clearTimeout(this.searchTimer);
    this.go({ search: '', status: null, page: 1 });
  }

  /** Typing replaces the address, so that Back leaves the list instead of un-typing letters. */
  private go(filter: RecordingFilter, history: 'push' | 'replace' = 'push'): void {
    void this.router.navigate([], { queryParams: paramsOf(filter), replaceUrl: history === 'replace' });
  }
}

/** Consecutive recordings of one day or month under one heading; the order stays the server's. */
function groupsOf(recordings: readonly RecordingView[], now: Date): Group[] {
  const groups: Group[] = [];
  for (const recording of recordings) {
    const label = dateGroup(recording.createdAt, now);
    const last = groups.at(-1);
    if (last?.label === label) last.recordings.push(recording);
    else groups.push({ label, recordings: [recording] });
  }
  return groups;
}
