import type { RecordingStatus, RecordingView } from '@auscult/contracts';
import type { Params } from '@angular/router';

export const PAGE_SIZE = 20;

/** What the list shows, as it stands in the address: `?search=&status=&page=`. */
export interface RecordingFilter {
  search: string;
  status: RecordingStatus | null;
  /** From 1. */
  page: number;
}

const statuses: readonly RecordingStatus[] = ['live', 'queued', 'transcribing', 'completed', 'failed', 'cancelled'];

/** Reads an address, whatever it holds: anybody may have typed it. */
export function filterFrom(params: { search?: string; status?: string; page?: string }): RecordingFilter {
  const page = Number(params.page);
  return {
    search: (params.search ?? '').trim().slice(0, 200),
    status: statuses.find((status) => status === params.status) ?? null,
    page: Number.isInteger(page) && page > 0 && page <= 100_000 ? page : 1,
  };
}

/** The shortest address: what is not set is not written. */
export function paramsOf(filter: RecordingFilter): Params {
  return {
    search: filter.search === '' ? null : filter.search,
    status: filter.status,
    page: filter.page === 1 ? null : filter.page,
  };
}

export function sameFilter(a: RecordingFilter, b: RecordingFilter): boolean {
  return a.search === b.search && a.status === b.status && a.page === b.page;
}

/** Whether the filter would show this recording on one of its pages. */
export function matches(filter: RecordingFilter, recording: RecordingView): boolean {
  if (filter.status !== null && filter.status !== recording.status) return false;
  return recording.title.toLowerCase().includes(filter.search.toLowerCase());
}
