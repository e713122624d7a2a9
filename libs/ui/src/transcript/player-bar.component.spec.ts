import { TestBed } from '@angular/core/testing';
import { PlayerBarComponent } from './player-bar.component';

describe('PlayerBarComponent', () => {
  it('shows the time, names its buttons and passes presses on', async () => {
    const fixture = TestBed.createComponent(PlayerBarComponent);
    const said: unknown[] = [];
    fixture.componentInstance.toggled.subscribe(() => said.push('toggled'));
    fixture.componentInstance.skipped.subscribe((ms) => said.push(ms));
    fixture.componentInstance.retried.subscribe(() => said.push('retried'));
    fixture.componentRef.setInput('positionMs', 61_000);
    fixture.componentRef.setInput('durationMs', 3_661_000);
    fixture.componentRef.setInput('trouble', 'The audio cannot be reached.');
    await fixture.whenStable();
    const root = fixture.nativeElement as HTMLElement;
    expect(root.querySelector('.time')?.textContent.replace(/\s+/g, ' ').trim()).toBe('0:01:01 / of 1:01:01');
    const press = (label: string) => root.querySelector<HTMLButtonElement>(`button[aria-label="${label}"]`)!.click();
    press('Play');
    press('Back 5 seconds');
    press('Forward 5 seconds');
    root.querySelector<HTMLButtonElement>('[role="alert"] button')!.click();
    expect(said).toEqual(['toggled', -5000, 5000, 'retried']);
    fixture.componentRef.setInput('playing', true);
    await fixture.whenStable();
    expect(root.querySelector('button[aria-label="Pause"]')).not.toBeNull();
  });
});
