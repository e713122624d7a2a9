import type { Begin } from '../session/live-recorder';

const KEY = 'auscult.live';

/** What was chosen last time on this device. */
export function rememberedChoice(): Begin {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Begin>;
    return { source: kept.source === 'telehealth' ? 'telehealth' : 'room', deviceId: typeof kept.deviceId === 'string' ? kept.deviceId : null };
  } catch {
    // Storage refused, or not ours.
    return { source: 'room', deviceId: null };
  }
}

export function rememberChoice(choice: Begin): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(choice));
  } catch {
    // Storage refused: next time it is chosen again.
  }
}
