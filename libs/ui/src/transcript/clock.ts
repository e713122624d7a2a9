/** A position in audio as people read it: `0:07`, `12:31`, `1:02:03`. `hours` shows them even when there are none. */
export function clock(ms: number, options: { hours?: boolean; tenths?: boolean } = {}): string {
  const tenths = Math.floor(Math.max(0, ms) / 100);
  const total = Math.floor(tenths / 10);
  const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  const fraction = options.tenths ? `.${tenths % 10}` : '';
  const tail = `${String(seconds).padStart(2, '0')}${fraction}`;
  if (hours > 0 || options.hours) return `${hours}:${String(minutes).padStart(2, '0')}:${tail}`;
  return `${minutes}:${tail}`;
}

/** The same for a screen reader: `12 minutes 31 seconds`; "12:31" is read as a time of day. */
export function spokenDuration(ms: number): string {
  const total = Math.floor(Math.max(0, ms) / 1000);
  const parts = [
    unit(Math.floor(total / 3600), 'hour'),
    unit(Math.floor(total / 60) % 60, 'minute'),
    unit(total % 60, 'second'),
  ].filter((part) => part !== null);
  return parts.length === 0 ? '0 seconds' : parts.join(' ');
}

function unit(count: number, name: string): string | null {
  return count === 0 ? null : `${count} ${name}${count === 1 ? '' : 's'}`;
}
