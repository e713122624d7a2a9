const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** `12.4 MB`: decimal units, as disks and file managers count. */
export function fileSize(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit] ?? ''}`;
}
