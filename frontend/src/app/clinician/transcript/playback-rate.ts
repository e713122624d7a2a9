const KEY = 'auscult.playback-rate';

/** The speeds on offer. Speech stays intelligible to about three times its pace; browsers keep the pitch. */
export const playbackRates = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3] as const;

/** The speed that was chosen last on this browser. */
export function storedRate(): number {
  try {
    const rate = Number(localStorage.getItem(KEY));
    return playbackRates.some((one) => one === rate) ? rate : 1;
  } catch {
    return 1; // Storage refused.
  }
}

export function storeRate(rate: number): void {
  try {
    localStorage.setItem(KEY, String(rate));
  } catch {
    // Storage refused: the speed lasts until the page is closed.
  }
}

/** The next faster or slower speed; the same at the end. */
export function nextRate(rate: number, direction: 1 | -1): number {
  const rates = direction === 1 ? playbackRates : [...playbackRates].reverse();
  return rates.find((one) => (one - rate) * direction > 0.001) ?? rate;
}
