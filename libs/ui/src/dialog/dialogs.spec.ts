import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Dialogs } from './dialogs';

@Component({
  imports: [CdkMenu, CdkMenuItem, CdkMenuTrigger],
  template: `
    <button type="button" [cdkMenuTriggerFor]="menu">More</button>
    <ng-template #menu><div cdkMenu><button type="button" cdkMenuItem (cdkMenuItemTriggered)="ask()">Delete it</button></div></ng-template>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
class MenuComponent {
  private readonly dialogs = inject(Dialogs);

  protected ask(): void {
    void this.dialogs.confirm({ title: 'Delete it?', text: '', confirmLabel: 'Delete' });
  }
}

const button = (label: string) => [...document.querySelectorAll('button')].find((one) => one.textContent.trim() === label);

async function settled(): Promise<void> {
  TestBed.tick();
  await new Promise((resolve) => setTimeout(resolve));
  TestBed.tick();
}

describe('Dialogs', () => {
  afterEach(() => document.querySelectorAll('.cdk-overlay-container').forEach((container) => container.replaceChildren()));

  it('asks, named by its title and described by its text', async () => {
    const answer = TestBed.inject(Dialogs).confirm({ title: 'Delete it?', text: 'It cannot be undone.', confirmLabel: 'Delete', danger: true });
    await settled();
    const dialog = document.querySelector('[role=alertdialog]')!;
    expect(document.getElementById(dialog.getAttribute('aria-labelledby')!)?.textContent).toBe('Delete it?');
    expect(document.getElementById(dialog.getAttribute('aria-describedby')!)?.textContent).toBe('It cannot be undone.');
    button('Delete')!.click();
    await expect(answer).resolves.toBe(true);
  });

  it('takes Escape for no', async () => {
    const answer = TestBed.inject(Dialogs).confirm({ title: 'Delete it?', text: '', confirmLabel: 'Delete' });
    await settled();
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', keyCode: 27, bubbles: true }));
    await expect(answer).resolves.toBe(false);
  });

  it('closes all at once, as dismissed, those too that a press beside them does not close', async () => {
    const dialogs = TestBed.inject(Dialogs);
    const answers = [
      dialogs.open(MenuComponent, { labelledBy: 'menu', keepOpen: true }),
      dialogs.confirm({ title: 'Delete it?', text: '', confirmLabel: 'Delete' }),
      dialogs.prompt({ title: 'Rename', label: 'Title', value: 'Old', confirmLabel: 'Save', save: () => Promise.resolve(), explain: String }),
    ];
    await settled();
    expect(document.querySelectorAll('[role=dialog]')).toHaveLength(3);
    dialogs.closeAll();
    await expect(Promise.all(answers)).resolves.toEqual([undefined, false, null]);
    expect(document.querySelector('[role=dialog]')).toBeNull();
  });

  it('gives the focus back to the button of the menu that it was opened from, however fast the keys come', async () => {
    const host = TestBed.createComponent(MenuComponent).nativeElement as HTMLElement;
    document.body.append(host);
    await settled();
    button('More')!.focus();
    // One after the other without a turn in between: the page was not brought up to date after the menu opened.
    button('More')!.click();
    button('Delete it')!.focus();
    button('Delete it')!.click();
    await settled();
    expect(document.querySelector('[role=menu]')).toBeNull();
    expect(document.activeElement!.closest('[role=dialog]')).not.toBeNull();
    document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', keyCode: 27, bubbles: true }));
    await settled();
    expect(document.activeElement).toBe(button('More'));
    host.remove();
  });

  it('keeps a prompt open with the reason while saving fails, and closes when it works', async () => {
    const save = jest.fn().mockRejectedValueOnce(new Error('busy')).mockResolvedValueOnce(undefined);
    const answer = TestBed.inject(Dialogs).prompt({ title: 'Rename', label: 'Title', value: 'Old', confirmLabel: 'Save', save, explain: () => 'Try again.' });
    await settled();
    const input = document.querySelector<HTMLInputElement>('au-prompt-dialog input')!;
    input.value = '  New  ';
    input.dispatchEvent(new Event('input'));
    button('Save')!.click();
    await settled();
    expect(document.querySelector('au-prompt-dialog [role=alert]')!.textContent).toBe('Try again.');
    button('Save')!.click();
    await expect(answer).resolves.toBe('New');
    expect(save.mock.calls).toEqual([['New'], ['New']]);
  });

  it('does not save an empty title or an unchanged one', async () => {
    const save = jest.fn();
    const answer = TestBed.inject(Dialogs).prompt({ title: 'Rename', label: 'Title', value: 'Old', confirmLabel: 'Save', save, explain: String });
    await settled();
    const input = document.querySelector<HTMLInputElement>('au-prompt-dialog input')!;
    input.value = '   ';
    button('Save')!.click();
    await settled();
    expect(document.querySelector('au-prompt-dialog')!.textContent).toContain('Give it a name.');
    input.value = 'Old';
    button('Save')!.click();
    await expect(answer).resolves.toBe('Old');
    expect(save).not.toHaveBeenCalled();
  });
});
