/** Frames of 100 ms as `12 s`, from two minutes on as `3 min`. */
export function spanWords(frames: number): string {
  const seconds = Math.ceil(frames / 10);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
