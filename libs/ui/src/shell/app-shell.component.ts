import { CdkMenu, CdkMenuItem, CdkMenuItemRadio, CdkMenuTrigger } from '@angular/cdk/menu';
import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';
import { IconComponent } from '../icon/icon.component';
import type { IconName } from '../icon/icons';
import { Theme, type ThemeChoice } from '../theme/theme';
import { BrandComponent } from './brand.component';

export interface ShellLink {
  path: string;
  label: string;
  icon: IconName;
}
export interface ShellPerson {
  displayName: string;
  email: string;
  practiceName: string;
}

/** The frame of every signed-in page: skip link, top bar with the portal's links and the person's menu, main region. */
@Component({
  selector: 'au-app-shell',
  imports: [BrandComponent, CdkMenu, CdkMenuItem, CdkMenuItemRadio, CdkMenuTrigger, IconComponent, RouterLink, RouterLinkActive],
  templateUrl: './app-shell.component.html',
  styleUrl: './app-shell.component.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AppShellComponent {
  readonly links = input.required<readonly ShellLink[]>();
  readonly person = input.required<ShellPerson>();
  /** Said in the top bar while the live channel is down; null while all is well. */
  readonly notice = input<string | null>(null);
  readonly signOut = output();
  readonly signOutEverywhere = output();

  protected readonly theme = inject(Theme);
  protected readonly themes: readonly { choice: ThemeChoice; label: string; icon: IconName }[] = [
    { choice: 'light', label: 'Light', icon: 'sun' },
    { choice: 'dark', label: 'Dark', icon: 'moon' },
    { choice: 'system', label: 'As the system', icon: 'monitor' },
  ];
  protected readonly initials = computed(() => initialsOf(this.person().displayName));

  /** By hand: with `<base href="/">` a plain `#main` link would leave the page. */
  protected skip(event: Event, main: HTMLElement): void {
    event.preventDefault();
    main.focus();
  }
}

function initialsOf(name: string): string {
  const words = name.replace(/^(dr|prof|mr|mrs|ms)\.?\s+/i, '').split(/\s+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => word?.at(0) ?? '');
  return letters.join('').toUpperCase();
}
