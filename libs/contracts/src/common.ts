import { z } from 'zod';

/** Identifier of every stored thing: a UUID in text form, which may be written in capitals and is kept without (RFC 9562, 4). */
export const Id = z.uuid().toLowerCase();
export type Id = z.infer<typeof Id>;

/** A moment, ISO 8601 in UTC with milliseconds. */
export const Timestamp = z.iso.datetime();
export type Timestamp = z.infer<typeof Timestamp>;

/** A position or length in audio, whole milliseconds. */
export const Milliseconds = z.int().min(0);

export const IdParams = z.object({ id: Id });
export type IdParams = z.infer<typeof IdParams>;

/** Query of every paged list; pages count from 1. */
export const PageQuery = z.object({
  page: z.coerce.number().int().min(1).max(100_000).default(1),
  pageSize: z.coerce.number().int().min(1).max(100).default(25),
});
export type PageQuery = z.infer<typeof PageQuery>;

/** The answer of a paged list: one page of `items` and the `total` over all pages. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), total: z.int().min(0), page: z.int().min(1), pageSize: z.int().min(1) });
}
export interface Page<T> {
  items: T[];
  total: number;
  page: number;
  pageSize: number;
}
