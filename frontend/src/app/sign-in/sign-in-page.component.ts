import { ChangeDetectionStrategy, Component, DestroyRef, computed, effect, inject, input, signal, untracked, viewChild } from '@angular/core';
import { Router } from '@angular/router';
import { BrandComponent, ButtonComponent, IconComponent, TextFieldComponent } from '@auscult/ui';
import { ProblemError } from '@auscult/client';
import { problemSentence } from '../core/problem-message';
import { Session } from '../core/session';
import { VoiceArtComponent } from './voice-art.component';

/** Seconds to wait where the server does not say. */
const DEFAULT_WAIT = 60;

@Component({
  selector: 'auscult-sign-in-page',
  imports: [BrandComponent, ButtonComponent, IconComponent, TextFieldComponent, VoiceArtComponent],
  templateUrl: './sign-in-page.component.html',
  styleUrl: './sign-in-page.component.css',
  host: { '(window:keydown)': 'noticeCapsLock($event)', '(window:keyup)': 'noticeCapsLock($event)' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SignInPageComponent {
  /** Where the person wanted to go; from the query. */
  readonly returnTo = input<string>();

  private readonly session = inject(Session);
  private readonly router = inject(Router);
  private readonly emailField = viewChild.required<TextFieldComponent>('emailField');
  private readonly passwordField = viewChild.required<TextFieldComponent>('passwordField');

  protected readonly email = signal('');
  protected readonly password = signal('');
  protected readonly shown = signal(false);
  protected readonly busy = signal(false);
  protected readonly capsLock = signal(false);
  protected readonly emailError = signal<string | null>(null);
  protected readonly passwordError = signal<string | null>(null);
  protected readonly failure = signal<string | null>(null);
  /** Seconds until the server takes another attempt; 0 when it does. */
  protected readonly wait = signal(0);
  protected readonly waitText = computed(() => `Too many attempts. Try again in ${this.wait()} ${this.wait() === 1 ? 'second' : 'seconds'}.`);
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    inject(DestroyRef).onDestroy(() => clearInterval(this.timer));
    effect(() => {
      // Here or in another tab: nobody can sign in over somebody who is at work there.
      if (this.session.user()) untracked(() => void this.enter());
    });
  }

  protected async submit(event: Event): Promise<void> {
    event.preventDefault();
    if (this.busy() || this.wait() > 0 || !this.complete()) return;
    this.busy.set(true);
    try {
      await this.session.signIn({ email: this.email().trim(), password: this.password() });
    } catch (error) {
      this.explain(error);
    } finally {
      this.busy.set(false);
    }
  }

  private async enter(): Promise<void> {
    this.busy.set(true);
    try {
      await this.router.navigateByUrl(safePath(this.returnTo()));
    } catch (error) {
      this.explain(error);
    } finally {
      this.busy.set(false);
    }
  }

  protected noticeCapsLock(event: KeyboardEvent): void {
    // Autofill raises keyboard events without the modifier state.
    if (typeof event.getModifierState === 'function') this.capsLock.set(event.getModifierState('CapsLock'));
  }

  /** Names what is missing and puts the focus there. */
  private complete(): boolean {
    const [email, password] = [this.emailField().read().trim(), this.passwordField().read()];
    this.failure.set(null);
    this.emailError.set(/^\S+@\S+$/.test(email) ? null : 'Enter your email address, like name@practice.example.');
    this.passwordError.set(password === '' ? 'Enter your password.' : null);
    if (this.emailError()) this.emailField().focus();
    else if (this.passwordError()) this.passwordField().focus();
    return this.emailError() === null && this.passwordError() === null;
  }

  private explain(error: unknown): void {
    if (ProblemError.is(error, 'too-many-requests')) return this.countDown(error.retryAfterSeconds ?? DEFAULT_WAIT);
    if (ProblemError.is(error, 'credentials-wrong')) {
      this.failure.set('The email address or the password is wrong.');
      this.passwordField().focus();
      this.passwordField().select();
      return;
    }
    this.failure.set(problemSentence(error));
  }

  private countDown(seconds: number): void {
    clearInterval(this.timer);
    this.wait.set(Math.max(1, Math.ceil(seconds)));
    this.timer = setInterval(() => {
      this.wait.update((left) => Math.max(0, left - 1));
      if (this.wait() === 0) clearInterval(this.timer);
    }, 1000);
  }
}

/** Only a path of our own: `returnTo` comes from the address bar, where anybody may put `https://elsewhere` or `//elsewhere`. */
export function safePath(path: string | undefined): string {
  return path !== undefined && /^\/(?![/\\])/.test(path) ? path : '/';
}
