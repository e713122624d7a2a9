import { ChangeDetectionStrategy, Component, DOCUMENT, computed, effect, inject, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { NavigationEnd, Router, RouterOutlet } from '@angular/router';
import { AppShellComponent, Dialogs, Toasts, type ShellLink, type Toast } from '@auscult/ui';
import { problems, type Role } from '@auscult/contracts';
import { filter, pairwise } from 'rxjs';
import { Connection } from './connection';
import { problemMessage } from './problem-message';
import { Session } from './session';
import { UnfinishedWork } from './unfinished-work';

const links: Record<Role, readonly ShellLink[]> = {
  clinician: [{ path: '/recordings', label: 'Recordings', icon: 'waveform' }],
  admin: [{ path: '/people', label: 'People', icon: 'users' }],
};

/** Messages that say why somebody was signed out: a request that was under way found it out. */
const REASONS: ReadonlySet<string> = new Set([problems['session-ended'].title, problems['sign-in-required'].title]);

/** The frame of the signed-in portals. Leaves for the sign-in page as soon as the session has ended, in whichever tab. */
@Component({
  selector: 'auscult-portal-frame',
  imports: [AppShellComponent, RouterOutlet],
  template: `
    @if (session.user(); as user) {
      <au-app-shell
        [links]="links()"
        [person]="user"
        [notice]="notice()"
        (signOut)="leave('here')"
        (signOutEverywhere)="leave('everywhere')"
      >
        <router-outlet />
      </au-app-shell>
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PortalFrameComponent {
  protected readonly session = inject(Session);
  private readonly router = inject(Router);
  private readonly document = inject(DOCUMENT);
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);
  private readonly connection = inject(Connection);
  private readonly unfinished = inject(UnfinishedWork);
  /** Set while the person herself is leaving: then the sign-in page needs no address to come back to. */
  private leaving = false;

  protected readonly links = computed(() => links[this.session.user()?.role ?? 'clinician']);
  protected readonly notice = computed(() => (this.connection.interrupted() ? 'Reconnecting' : null));

  constructor() {
    effect(() => {
      if (!this.session.user()) untracked(() => this.close());
    });
    this.focusAfterNavigation();
  }

  protected async leave(from: 'here' | 'everywhere'): Promise<void> {
    if (!(await this.agrees(from))) return;
    this.leaving = true;
    try {
      await this.unfinished.discard();
      await (from === 'here' ? this.session.signOut() : this.session.signOutEverywhere());
    } catch (error) {
      this.leaving = false;
      const message = problemMessage(error);
      this.toasts.show(`You are still signed in. ${message.title}`, { tone: 'danger', detail: message.advice });
    }
  }

  private async agrees(from: 'here' | 'everywhere'): Promise<boolean> {
    const lost = await this.unfinished.loss();
    if (from === 'here' && lost === '') return true;
    const reach = from === 'here' ? '' : 'Every browser and device that is signed in with your account has to sign in again, this one too. ';
    const label = from === 'here' ? 'Sign out' : 'Sign out everywhere';
    return this.dialogs.confirm({ title: `${label}?`, text: `${reach}${lost}`, confirmLabel: label, danger: lost !== '' });
  }

  private close(): void {
    // They lie above whatever page comes, and may hold words of patients.
    this.dialogs.closeAll();
    this.toasts.clear(isReason);
    this.goToSignIn();
  }

  private goToSignIn(): void {
    const returnTo = this.leaving ? '/' : this.router.url;
    void this.router.navigate(['/sign-in'], { queryParams: returnTo === '/' ? {} : { returnTo } });
  }

  /** A new page begins at its top for keyboards and screen readers too; a change of the query is the same page. */
  private focusAfterNavigation(): void {
    this.router.events
      .pipe(filter((event) => event instanceof NavigationEnd), pairwise(), takeUntilDestroyed())
      .subscribe(([before, after]) => {
        if (pathOf(before.urlAfterRedirects) === pathOf(after.urlAfterRedirects)) return;
        this.document.getElementById('main')?.focus({ preventScroll: true });
      });
  }
}

function isReason({ text }: Toast): boolean {
  return REASONS.has(text);
}

function pathOf(url: string): string {
  return url.split(/[?#]/)[0] ?? url;
}
