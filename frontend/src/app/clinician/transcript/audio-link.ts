import type { AudioLinkView } from '@auscult/contracts';

/** Keeps a signed link to the audio, and gets another one when it is about to end. */
export class AudioLink {
  private held: AudioLinkView | null = null;
  private asked: Promise<string> | null = null;

  constructor(private readonly ask: () => Promise<AudioLinkView>) {}

  /** Whether the link still serves requests for so long, in ms. A wrong local clock only makes this guess worse. */
  lasts(ms: number): boolean {
    return this.held !== null && Date.parse(this.held.expiresAt) - Date.now() > ms;
  }

  /** A fresh link's address; callers at the same time share one. */
  renew(): Promise<string> {
    this.asked ??= this.ask()
      .then((link) => {
        this.held = link;
        return link.url;
      })
      .finally(() => (this.asked = null));
    return this.asked;
  }
}
