import { ChangeDetectionStrategy, Component, computed, effect, inject, input, numberAttribute, signal, untracked } from '@angular/core';
import { Router } from '@angular/router';
import type { Role, UserPage, UserView } from '@auscult/contracts';
import { ButtonComponent, Dialogs, IconComponent, ListSkeletonComponent, PaginationComponent, StatePanelComponent, StatusBadgeComponent, Toasts, exactDate, relativeDate } from '@auscult/ui';
import { AUSCULT_CLIENT } from '../core/auscult-client.token';
import { problemMessage } from '../core/problem-message';
import { Session } from '../core/session';
import { AddPersonDialogComponent } from './add-person-dialog.component';

const PAGE_SIZE = 25;
export const roleNames: Record<Role, string> = { admin: 'Administrator', clinician: 'Clinician' };

type PeopleState = { kind: 'loading' } | { kind: 'ready'; people: UserPage } | { kind: 'failed'; error: unknown };

/** The people of the admin's practice. */
@Component({
  selector: 'auscult-people-page',
  imports: [ButtonComponent, IconComponent, ListSkeletonComponent, PaginationComponent, StatePanelComponent, StatusBadgeComponent],
  templateUrl: './people-page.component.html',
  styleUrl: './people-page.component.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PeoplePageComponent {
  /** From the address, from 1. */
  readonly page = input(1, { transform: (value: unknown) => Math.max(1, Math.trunc(numberAttribute(value, 1))) });

  private readonly client = inject(AUSCULT_CLIENT);
  private readonly dialogs = inject(Dialogs);
  private readonly router = inject(Router);
  private readonly toasts = inject(Toasts);
  protected readonly session = inject(Session);
  protected readonly state = signal<PeopleState>({ kind: 'loading' });
  protected readonly pageSize = PAGE_SIZE;
  protected readonly roleNames = roleNames;
  private reading: AbortController | null = null;

  protected readonly people = computed(() => {
    const state = this.state();
    return state.kind === 'ready' ? state.people : null;
  });
  protected readonly failure = computed(() => {
    const state = this.state();
    return state.kind === 'failed' ? problemMessage(state.error) : null;
  });

  constructor() {
    effect(() => {
      const page = this.page();
      untracked(() => void this.read(page));
    });
  }

  protected async read(page: number): Promise<void> {
    this.reading?.abort();
    const reading = (this.reading = new AbortController());
    try {
      const people = await this.client.users.list({ page, pageSize: PAGE_SIZE }, { signal: reading.signal });
      if (this.reading === reading) this.state.set({ kind: 'ready', people });
    } catch (error) {
      if (this.reading === reading) this.state.set({ kind: 'failed', error });
    }
  }

  protected retry(): void {
    this.state.set({ kind: 'loading' });
    void this.read(this.page());
  }

  protected async add(): Promise<void> {
    const person = await this.dialogs.open<UserView>(AddPersonDialogComponent, { labelledBy: 'add-person-heading', keepOpen: true });
    if (!person) return;
    this.toasts.show(`${person.displayName} was added`);
    await this.read(this.page());
  }

  protected choosePage(page: number): void {
    void this.router.navigate([], { queryParams: { page: page === 1 ? null : page } });
  }

  protected since(person: UserView): { text: string; exact: string } {
    return { text: relativeDate(person.createdAt, new Date()), exact: exactDate(person.createdAt) };
  }
}
