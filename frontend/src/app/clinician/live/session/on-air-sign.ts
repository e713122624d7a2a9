import { DOCUMENT, DestroyRef, Injectable, inject } from '@angular/core';

/** `no-sound`: on air, but for the browser that gives no sound. */
export type OnAir = 'on-air' | 'paused' | 'no-sound' | 'off';

const titles: Record<Exclude<OnAir, 'off'>, string> = {
  'on-air': '● On air · Auscult', 'paused': '❚❚ Paused · Auscult', 'no-sound': '▲ No sound · Auscult',
};

/** Says in the tab that a session is recorded: its title and its icon. Put back when the page is left. */
@Injectable()
export class OnAirSign {
  private readonly document = inject(DOCUMENT);
  private readonly icon = this.document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  private readonly usualIcon = this.icon?.getAttribute('href') ?? null;
  private usualTitle = '';

  constructor() {
    inject(DestroyRef).onDestroy(() => this.takeDown());
  }

  show(state: OnAir): void {
    if (state === 'off') return this.takeDown();
    if (!this.isShown()) this.usualTitle = this.document.title;
    this.document.title = titles[state];
    this.icon?.setAttribute('href', state === 'on-air' ? 'favicon-on-air.svg' : 'favicon-paused.svg');
  }

  private takeDown(): void {
    if (this.isShown()) this.document.title = this.usualTitle;
    if (this.usualIcon !== null) this.icon?.setAttribute('href', this.usualIcon);
  }

  private isShown(): boolean {
    return Object.values(titles).includes(this.document.title);
  }
}
