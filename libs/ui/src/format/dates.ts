const time = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric', month: 'short' });
const dayOfYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const month = new Intl.DateTimeFormat(undefined, { month: 'long', year: 'numeric' });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' });

/** `Friday, 21 November 2026 at 14:32`, in the reader's language and time zone. */
export function exactDate(iso: string): string {
  return exact.format(new Date(iso));
}

/** Near dates by distance (`Just now`, `5 min ago`, `Today, 14:32`), far ones by date. */
export function relativeDate(iso: string, now: Date): string {
  const date = new Date(iso);
  const minutes = Math.floor((now.getTime() - date.getTime()) / 60_000);
  if (minutes < 1) return 'Just now';
  if (minutes < 60) return `${minutes} min ago`;
  const days = daysBetween(date, now);
  if (days === 0) return `Today, ${time.format(date)}`;
  if (days === 1) return `Yesterday, ${time.format(date)}`;
  if (days < 300) return `${day.format(date)}, ${time.format(date)}`;
  return dayOfYear.format(date);
}

/** The heading under which a list shows a date: `Today`, `Yesterday`, `Earlier this week`, `November 2026`. */
export function dateGroup(iso: string, now: Date): string {
  const date = new Date(iso);
  const days = daysBetween(date, now);
  if (days <= 0) return 'Today';
  if (days === 1) return 'Yesterday';
  if (days < 7) return 'The last seven days';
  return month.format(date);
}

/** Calendar days in the reader's time zone; noon to noon, so that a change of the clock does not add or lose one. */
function daysBetween(from: Date, to: Date): number {
  const noon = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate(), 12).getTime();
  return Math.round((noon(to) - noon(from)) / 86_400_000);
}

/** `14:32` or `2:32 PM`, in the reader's language and time zone. */
export function timeOfDay(msSince1970: number): string {
  return time.format(msSince1970);
}
