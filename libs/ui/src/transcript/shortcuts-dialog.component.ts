import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { ChangeDetectionStrategy, Component, DOCUMENT, inject, type WritableSignal } from '@angular/core';
import { ButtonComponent } from '../button/button.component';

export interface ShortcutsRequest {
  titleId: string;
  /** Whether single keys work outside of lines; a person whose voice or switch input types letters turns them off (WCAG 2.1.4). */
  singleKeys: WritableSignal<boolean>;
}

interface Shortcut {
  keys: readonly string[];
  does: string;
}

const groups: readonly { title: string; shortcuts: readonly Shortcut[] }[] = [
  {
    title: 'Playing',
    shortcuts: [
      { keys: ['Space', 'K'], does: 'Play or pause' },
      { keys: ['←', '→'], does: 'Back or forward 5 seconds' },
      { keys: ['J', 'L'], does: 'Back or forward 10 seconds' },
      { keys: ['<', '>'], does: 'Slower or faster' },
      { keys: ['Ctrl Space'], does: 'Play or pause while correcting' },
    ],
  },
  {
    title: 'On a line',
    shortcuts: [
      { keys: ['↑', '↓'], does: 'Line above or below' },
      { keys: ['Enter'], does: 'Play from this line' },
      { keys: ['E'], does: 'Correct the text; a double click does the same' },
      { keys: ['1', '…', '9'], does: 'Give the line to this speaker' },
      { keys: ['H'], does: 'Show its history' },
      { keys: ['C'], does: 'Copy the line' },
    ],
  },
  {
    title: 'Everywhere',
    shortcuts: [
      { keys: ['Ctrl Z'], does: 'Undo' },
      { keys: ['Ctrl Shift Z'], does: 'Redo' },
      { keys: ['/'], does: 'Search in the transcript' },
      { keys: ['?'], does: 'This sheet' },
    ],
  },
];

/** What the keys do on the transcript page. */
@Component({
  selector: 'au-shortcuts-dialog',
  imports: [ButtonComponent],
  template: `
    <h2 [id]="request.titleId">Keyboard</h2>
    @for (group of groups; track group.title) {
      <section>
        <h3>{{ group.title }}</h3>
        <dl>
          @for (shortcut of group.shortcuts; track shortcut.does) {
            <dt>
              @for (key of shortcut.keys; track key) {
                <kbd>{{ named(key) }}</kbd>
              }
            </dt>
            <dd>{{ shortcut.does }}</dd>
          }
        </dl>
      </section>
    }
    <label class="switch">
      <input #box type="checkbox" [checked]="request.singleKeys()" (change)="request.singleKeys.set(box.checked)" />
      <span>Single keys work outside of lines</span>
    </label>
    <div class="actions"><button auButton look="quiet" type="button" (click)="ref.close()">Close</button></div>
  `,
  styleUrls: ['../dialog/dialog.css', './shortcuts-dialog.component.css'],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ShortcutsDialogComponent {
  protected readonly request = inject<ShortcutsRequest>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef>(DialogRef);
  protected readonly groups = groups;
  private readonly mac = /mac/i.test(inject(DOCUMENT).defaultView?.navigator.platform ?? '');

  /** Ctrl Space stays: with the command key it is the system's. */
  protected named(key: string): string {
    return this.mac && key !== 'Ctrl Space' ? key.replace('Ctrl', '⌘') : key;
  }
}
