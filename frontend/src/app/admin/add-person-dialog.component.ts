import { DialogRef } from '@angular/cdk/dialog';
import { ChangeDetectionStrategy, Component, inject, signal, viewChild } from '@angular/core';
import { ProblemError } from '@auscult/client';
import type { Role, UserView } from '@auscult/contracts';
import { ButtonComponent, IconComponent, SelectComponent, TextFieldComponent, Toasts, type SelectOption } from '@auscult/ui';
import { AUSCULT_CLIENT } from '../core/auscult-client.token';
import { problemSentence } from '../core/problem-message';
import { firstPassword } from './passphrase';

type Field = 'displayName' | 'email' | 'password';
const MIN_PASSWORD = 12;

@Component({
  selector: 'auscult-add-person-dialog',
  imports: [ButtonComponent, IconComponent, SelectComponent, TextFieldComponent],
  templateUrl: './add-person-dialog.component.html',
  styleUrl: './add-person-dialog.component.css',
  host: { '(keydown.escape)': 'ref.close()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AddPersonDialogComponent {
  private readonly client = inject(AUSCULT_CLIENT);
  private readonly toasts = inject(Toasts);
  protected readonly ref = inject<DialogRef<UserView>>(DialogRef);

  protected readonly displayName = signal('');
  protected readonly email = signal('');
  protected readonly password = signal(firstPassword());
  protected readonly role = signal<Role>('clinician');
  protected readonly errors = signal<Partial<Record<Field, string>>>({});
  protected readonly failure = signal<string | null>(null);
  protected readonly busy = signal(false);
  protected readonly roles: readonly SelectOption<Role>[] = [
    { value: 'clinician', label: 'Clinician: records and reads own sessions' },
    { value: 'admin', label: 'Administrator: manages people' },
  ];

  private readonly nameField = viewChild.required<TextFieldComponent>('nameField');
  private readonly emailField = viewChild.required<TextFieldComponent>('emailField');
  private readonly passwordField = viewChild.required<TextFieldComponent>('passwordField');

  protected async submit(event: Event): Promise<void> {
    event.preventDefault();
    this.errors.set(this.wrong());
    this.failure.set(null);
    if (this.focusFirstError()) return;
    this.busy.set(true);
    try {
      const person = { displayName: this.displayName().trim(), email: this.email().trim(), role: this.role(), password: this.password() };
      this.ref.close(await this.client.users.create(person));
    } catch (error) {
      this.explain(error);
    } finally {
      this.busy.set(false);
    }
  }

  protected renewPassword(): void {
    this.password.set(firstPassword());
  }

  protected async copyPassword(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.password());
      this.toasts.show('Password copied', { icon: 'copy' });
    } catch {
      // No clipboard on plain http: the password stands in the field to be copied by hand.
      this.passwordField().focus();
      this.passwordField().select();
    }
  }

  private wrong(): Partial<Record<Field, string>> {
    const errors: Partial<Record<Field, string>> = {};
    if (this.displayName().trim() === '') errors.displayName = 'Enter a name.';
    if (!/^\S+@\S+\.\S+$/.test(this.email().trim())) errors.email = 'Enter an email address, like name@practice.example.';
    if (this.password().length < MIN_PASSWORD) errors.password = `Use at least ${MIN_PASSWORD} characters.`;
    return errors;
  }

  private explain(error: unknown): void {
    if (ProblemError.is(error, 'email-taken')) {
      this.errors.set({ email: 'Somebody with this email address exists already.' });
    } else if (ProblemError.is(error, 'request-invalid') && error.problem.issues?.length) {
      this.errors.set(Object.fromEntries(error.problem.issues.map(({ path, message }) => [path, message])));
    } else {
      this.failure.set(problemSentence(error));
    }
    this.focusFirstError();
  }

  private focusFirstError(): boolean {
    const { displayName, email, password } = this.errors();
    if (displayName) this.nameField().focus();
    else if (email) this.emailField().focus();
    else if (password) this.passwordField().focus();
    return Boolean(displayName ?? email ?? password);
  }
}
