import type { AudioLinkView } from '@auscult/contracts';

/** A server gives a link for 1 to 60 minutes, and for 5 where it was not told (AUSCULT_AUDIO_LINK_MINUTES); in ms. */
const SHORTEST_LIFE_MS = 60_000;
const USUAL_LIFE_MS = 5 * 60_000;
const LONGEST_LIFE_MS = 60 * 60_000;
/** So much of its life a link may lose on its way, in ms. */
const ON_ITS_WAY_MS = 10_000;

interface Held {
  cameAt: number;
  /** What the server's end leaves it by this device's clock, which may be wrong; and what it is taken to have, in ms. */
  statedLifeMs: number;
  lifeMs: number;
}

/** Keeps a signed link to the audio, and gets another one when it is about to end. */
export class AudioLink {
  private held: Held | null = null;
  private asked: Promise<string> | null = null;

  constructor(private readonly ask: () => Promise<AudioLinkView>) {}

  /** Whether the link still serves requests for so long, in ms, or has half of a short life before it. A guess: one that has ended is refused. */
  lasts(ms: number): boolean {
    if (this.held === null) return false;
    const { cameAt, lifeMs } = this.held;
    return lifeMs - (Date.now() - cameAt) > Math.min(ms, Math.max(lifeMs, SHORTEST_LIFE_MS) / 2);
  }

  /** A fresh link's address; callers at the same time share one. */
  renew(): Promise<string> {
    this.asked ??= this.ask()
      .then((link) => {
        this.held = taken(link, this.held);
        return link.url;
      })
      .finally(() => (this.asked = null));
    return this.asked;
  }
}

/** One link that is about to end when it comes may have been long on its way. When the next one is too, the clock is wrong. */
function taken({ expiresAt }: AudioLinkView, before: Held | null): Held {
  const cameAt = Date.now();
  const statedLifeMs = Date.parse(expiresAt) - cameAt;
  const endsTooSoon = isTooShort(statedLifeMs) && before !== null && isTooShort(before.statedLifeMs);
  return { cameAt, statedLifeMs, lifeMs: endsTooSoon || statedLifeMs > LONGEST_LIFE_MS ? USUAL_LIFE_MS : statedLifeMs };
}

function isTooShort(lifeMs: number): boolean {
  return lifeMs < SHORTEST_LIFE_MS - ON_ITS_WAY_MS;
}
