import { Dialog } from '@angular/cdk/dialog';
import { DOCUMENT, DestroyRef, Injectable, effect, inject, signal } from '@angular/core';
import { Dialogs, ShortcutsDialogComponent, type ShortcutsRequest } from '@auscult/ui';
import { AudioPlayer } from './audio-player';
import { LineActions } from './line-actions';
import { PlaybackFollow } from './playback-follow';
import { nextRate } from './playback-rate';

const SINGLE_KEYS = 'auscult.single-keys';
const SHORT_MS = 5_000;
const LONG_MS = 10_000;

/** The keys of the whole page. Single keys can be switched off (WCAG 2.1.4) and never reach into text fields. */
@Injectable()
export class PageKeys {
  private readonly document = inject(DOCUMENT);
  private readonly player = inject(AudioPlayer);
  private readonly follow = inject(PlaybackFollow);
  private readonly actions = inject(LineActions);
  /** Knows whether one is open: then the page's keys are not meant. */
  private readonly dialog = inject(Dialog);
  private readonly dialogs = inject(Dialogs);
  private readonly singleKeys = signal(singleKeysWanted());
  private readonly playerCommands: Partial<Record<string, () => void>> = {
    'k': () => this.player.toggle(),
    'j': () => this.skip(-LONG_MS),
    'l': () => this.skip(LONG_MS),
    'arrowleft': () => this.skip(-SHORT_MS),
    'arrowright': () => this.skip(SHORT_MS),
    '<': () => this.player.setRate(nextRate(this.player.rate(), -1)),
    '>': () => this.player.setRate(nextRate(this.player.rate(), 1)),
  };
  private readonly pageCommands: Partial<Record<string, () => void>> = {
    '/': () => this.focusSearch(),
    '?': () => this.showShortcuts(),
  };
  /** Set by the page: moves the focus into its search field. */
  focusSearch: () => void = () => undefined;

  constructor() {
    effect(() => storeChoice(this.singleKeys()));
    const abort = new AbortController();
    this.document.addEventListener('keydown', (event) => this.key(event), { signal: abort.signal });
    inject(DestroyRef).onDestroy(() => abort.abort());
  }

  showShortcuts(): void {
    const request: ShortcutsRequest = { titleId: 'shortcuts-title', singleKeys: this.singleKeys };
    void this.dialogs.open<undefined, ShortcutsRequest>(ShortcutsDialogComponent, { labelledBy: request.titleId, data: request });
  }

  private key(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing || this.dialog.openDialogs.length > 0) return;
    const ran = event.ctrlKey || event.metaKey ? this.chord(event) : this.single(event);
    if (ran) event.preventDefault();
  }

  private chord(event: KeyboardEvent): boolean {
    if (event.altKey) return false;
    if (event.key === ' ' || event.code === 'Space') return this.toggle();
    // A text field undoes its own typing.
    if (isTextField(event.target)) return false;
    const key = event.key.toLowerCase();
    if (key === 'z') void (event.shiftKey ? this.actions.redo() : this.actions.undo());
    else if (key === 'y' && !event.shiftKey) void this.actions.redo();
    else return false;
    return true;
  }

  private single(event: KeyboardEvent): boolean {
    if (event.altKey || isTextField(event.target) || isInMenu(event.target)) return false;
    if (event.key === ' ') return this.space(event);
    if (!this.singleKeys()) return false;
    const key = event.key.toLowerCase();
    const command = this.pageCommands[key] ?? (this.player.isOpen() ? this.playerCommands[key] : undefined);
    command?.();
    return command !== undefined;
  }

  /** A focused button or link is pressed by the space bar, as everywhere. */
  private space(event: KeyboardEvent): boolean {
    const target = event.target;
    if (target instanceof Element && target.closest('button, a, select, summary, [role="button"]')) return false;
    return this.toggle();
  }

  /** While there is nothing to play, the browser has the key: the space bar scrolls. */
  private toggle(): boolean {
    if (this.player.isOpen()) this.player.toggle();
    return this.player.isOpen();
  }

  private skip(ms: number): void {
    this.player.skip(ms);
    this.follow.sought();
  }
}

export function isTextField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('textarea, select, input:not([type="checkbox"], [type="radio"]), [contenteditable]');
}

function isInMenu(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[role="menu"]') !== null;
}

/** Whether this person wants single keys, here and on the page of a live session. */
export function singleKeysWanted(): boolean {
  try {
    return localStorage.getItem(SINGLE_KEYS) !== 'off';
  } catch {
    return true; // Storage refused.
  }
}

function storeChoice(on: boolean): void {
  try {
    if (on) localStorage.removeItem(SINGLE_KEYS);
    else localStorage.setItem(SINGLE_KEYS, 'off');
  } catch {
    // Storage refused: the choice lasts until the page is closed.
  }
}
