/** `4:05`, `1:04:05`: a length or a position, from milliseconds. */
export function clockTime(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** `1 hour 4 minutes`, `4 minutes 5 seconds`: for screen readers, from milliseconds. */
export function spokenDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const parts = h > 0 ? [unit(h, 'hour'), unit(m, 'minute')] : [unit(m, 'minute'), unit(s, 'second')];
  return parts.filter((part) => part !== '').join(' ') || '0 seconds';
}

/** `about 3 min left`, `about 20 s left`, rounded so that it does not flicker; from seconds. */
export function timeLeft(seconds: number): string {
  if (seconds < 5) return 'a few seconds left';
  if (seconds < 60) return `about ${Math.ceil(seconds / 5) * 5} s left`;
  if (seconds < 3600) return `about ${Math.ceil(seconds / 60)} min left`;
  return `about ${(seconds / 3600).toFixed(1)} h left`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function unit(value: number, name: string): string {
  return value === 0 ? '' : `${value} ${name}${value === 1 ? '' : 's'}`;
}
