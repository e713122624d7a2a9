import { ChangeDetectionStrategy, Component, booleanAttribute, input, model } from '@angular/core';
import { IconComponent } from '../icon/icon.component';

export interface SelectOption<T extends string = string> {
  value: T;
  label: string;
}

let count = 0;

/** A native select in our dress: every keyboard, screen reader and phone knows how to work it. */
@Component({
  selector: 'au-select',
  imports: [IconComponent],
  template: `
    <label [for]="id" [class.visually-hidden]="labelHidden()">{{ label() }}</label>
    <div class="box">
      <select #field [id]="id" [disabled]="disabled()" (change)="choose(field.value)">
        @for (option of options(); track option.value) {
          <option [value]="option.value" [selected]="option.value === value()">{{ option.label }}</option>
        }
      </select>
      <au-icon name="chevron-down" [size]="18" />
    </div>
  `,
  styleUrls: ['../field/labelled.css', './select.component.css'],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SelectComponent<T extends string = string> {
  protected readonly id = `au-select-${++count}`;
  readonly label = input.required<string>();
  readonly labelHidden = input(false, { transform: booleanAttribute });
  readonly options = input.required<readonly SelectOption<T>[]>();
  readonly value = model.required<T>();
  readonly disabled = input(false, { transform: booleanAttribute });

  protected choose(value: string): void {
    const option = this.options().find((one) => one.value === value);
    if (option) this.value.set(option.value);
  }
}
