import { ChangeDetectionStrategy, Component, input, model } from '@angular/core';

export interface SegmentedOption<T extends string = string> {
  value: T;
  label: string;
}

let count = 0;

/** One of a few, all in sight. Radio buttons inside, so arrow keys and screen readers work as everywhere. */
@Component({
  selector: 'au-segmented',
  template: `
    <fieldset>
      <legend class="visually-hidden">{{ label() }}</legend>
      @for (option of options(); track option.value) {
        <label>
          <input
            class="visually-hidden"
            type="radio"
            [name]="name"
            [value]="option.value"
            [checked]="option.value === value()"
            (change)="value.set(option.value)"
          />
          <span>{{ option.label }}</span>
        </label>
      }
    </fieldset>
  `,
  styleUrl: './segmented.component.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SegmentedComponent<T extends string = string> {
  protected readonly name = `au-segmented-${++count}`;
  readonly label = input.required<string>();
  readonly options = input.required<readonly SegmentedOption<T>[]>();
  readonly value = model.required<T>();
}
