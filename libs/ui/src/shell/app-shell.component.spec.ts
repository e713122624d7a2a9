import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { Theme } from '../theme/theme';
import { AppShellComponent } from './app-shell.component';

describe('AppShellComponent', () => {
  async function create() {
    TestBed.configureTestingModule({ providers: [provideRouter([])] });
    const fixture = TestBed.createComponent(AppShellComponent);
    fixture.componentRef.setInput('links', [{ path: '/recordings', label: 'Recordings', icon: 'waveform' }]);
    fixture.componentRef.setInput('person', { displayName: 'Dr. Anna Maria Keller', email: 'anna@practice.example', practiceName: 'Linden Street' });
    document.body.append(fixture.nativeElement as HTMLElement);
    await fixture.whenStable();
    return { fixture, root: fixture.nativeElement as HTMLElement };
  }
  const menuItem = (text: string) => [...document.querySelectorAll<HTMLElement>('.au-menu-item')].find((item) => item.textContent.includes(text))!;

  it('skips to the content', async () => {
    const { root } = await create();
    root.querySelector<HTMLElement>('.skip')!.click();
    expect(document.activeElement).toBe(root.querySelector('main'));
  });

  it('shows initials without the title', async () => {
    const { root } = await create();
    expect(root.querySelector('.face')!.textContent).toBe('AK');
  });

  it('changes the theme and signs out from the menu', async () => {
    const { fixture, root } = await create();
    const left: string[] = [];
    fixture.componentInstance.signOut.subscribe(() => left.push('here'));
    fixture.componentInstance.signOutEverywhere.subscribe(() => left.push('everywhere'));
    const person = root.querySelector<HTMLElement>('.person')!;
    person.click();
    await fixture.whenStable();
    expect(person.getAttribute('aria-expanded')).toBe('true');
    menuItem('Dark').click();
    expect(TestBed.inject(Theme).choice()).toBe('dark');
    person.click();
    await fixture.whenStable();
    menuItem('Sign out everywhere').click();
    expect(left).toEqual(['everywhere']);
  });

  it('says that the live channel is down', async () => {
    const { fixture, root } = await create();
    expect(root.querySelector('[role=status]')).toBeNull();
    fixture.componentRef.setInput('notice', 'Reconnecting');
    await fixture.whenStable();
    expect(root.querySelector('[role=status]')!.textContent).toContain('Reconnecting');
  });
});
