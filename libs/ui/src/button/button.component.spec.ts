import { Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { ButtonComponent } from './button.component';

@Component({
  imports: [ButtonComponent],
  template: `<button auButton look="danger" type="button" [busy]="busy()" (click)="presses = presses + 1">Delete</button>`,
})
class Host {
  readonly busy = signal(false);
  presses = 0;
}

describe('ButtonComponent', () => {
  async function create() {
    const fixture = TestBed.createComponent(Host);
    await fixture.whenStable();
    const button = (fixture.nativeElement as HTMLElement).querySelector('button')!;
    return { fixture, button, host: fixture.componentInstance };
  }

  it('passes presses on', async () => {
    const { button, host } = await create();
    button.click();
    expect(host.presses).toBe(1);
    expect(button.getAttribute('aria-busy')).toBeNull();
  });

  it('takes no presses while busy, says so, and keeps the focus', async () => {
    const { fixture, button, host } = await create();
    document.body.append(fixture.nativeElement as HTMLElement);
    button.focus();
    host.busy.set(true);
    await fixture.whenStable();
    button.click();
    expect(host.presses).toBe(0);
    expect(button.getAttribute('aria-busy')).toBe('true');
    expect(button.getAttribute('aria-disabled')).toBe('true');
    expect(button.disabled).toBe(false);
    expect(document.activeElement).toBe(button);
  });
});
