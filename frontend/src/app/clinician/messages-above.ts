import { DOCUMENT, DestroyRef, inject } from '@angular/core';

/** Keeps messages clear of a bar of controls at the foot of the page that asks for it in its constructor. `inset` is the bar's height and a gap. */
export function keepMessagesAbove(inset: string): void {
  const { style } = inject(DOCUMENT).documentElement;
  style.setProperty('--toast-inset', inset);
  inject(DestroyRef).onDestroy(() => style.removeProperty('--toast-inset'));
}
