import { LiveAnnouncer } from '@angular/cdk/a11y';
import { Injectable, inject, signal } from '@angular/core';
import type { IconName } from '../icon/icons';

export interface ToastOptions {
  tone?: 'calm' | 'danger';
  icon?: IconName;
  /** A second line: what to do. */
  detail?: string;
  /** Takes the action back, or opens what was made. */
  action?: { label: string; run: () => void };
  /** Called once when the toast leaves without its action having been used. */
  expired?: () => void;
  /** In ms; default 6,000, and 10,000 with an action. Infinity: until somebody closes it. */
  durationMs?: number;
}

export interface Toast extends ToastOptions {
  readonly id: number;
  readonly text: string;
}

/** Short messages at the edge of the window. They wait while somebody points at them or has the focus in them. */
@Injectable({ providedIn: 'root' })
export class Toasts {
  private readonly announcer = inject(LiveAnnouncer);
  private readonly list = signal<readonly Toast[]>([]);
  private readonly timers = new Map<number, ReturnType<typeof setTimeout>>();
  private nextId = 1;
  readonly shown = this.list.asReadonly();

  show(text: string, options: ToastOptions = {}): number {
    const toast: Toast = { id: this.nextId++, text, ...options };
    this.list.update((list) => [...list, toast]);
    const spoken = [text, options.detail, options.action ? `${options.action.label}: button in the messages` : ''].filter(Boolean).join('. ');
    void this.announcer.announce(spoken, options.tone === 'danger' ? 'assertive' : 'polite');
    this.resume(toast);
    return toast.id;
  }

  act(toast: Toast): void {
    this.remove(toast.id);
    toast.action?.run();
  }

  dismiss(toast: Toast): void {
    if (!this.remove(toast.id)) return;
    toast.expired?.();
  }

  /** All but those that stay; nor are they read out any more. */
  clear(stays: (toast: Toast) => boolean): void {
    for (const toast of this.list()) if (!stays(toast)) this.dismiss(toast);
    if (this.list().length === 0) this.announcer.clear();
  }

  pause(toast: Toast): void {
    clearTimeout(this.timers.get(toast.id));
  }

  resume(toast: Toast): void {
    clearTimeout(this.timers.get(toast.id));
    const duration = toast.durationMs ?? (toast.action ? 10_000 : 6_000);
    if (Number.isFinite(duration)) this.timers.set(toast.id, setTimeout(() => this.dismiss(toast), duration));
  }

  private remove(id: number): boolean {
    const present = this.list().some((toast) => toast.id === id);
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
    this.list.update((list) => list.filter((toast) => toast.id !== id));
    return present;
  }
}
