/** `hh:mm:ss`; hours go on beyond 99. */
export function clock(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

/** `hh:mm:ss.mmm` with the separator that a subtitle format wants. */
export function clockWithMilliseconds(milliseconds: number, separator: '.' | ','): string {
  return `${clock(milliseconds)}${separator}${String(Math.floor(milliseconds) % 1000).padStart(3, '0')}`;
}

/** `2026-03-01 14:05 UTC`: the reader's time zone is not known here. */
export function dateAndTime(moment: Date): string {
  return `${moment.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
