import { ChangeDetectionStrategy, Component, input } from '@angular/core';

@Component({
  selector: 'auscult-transcript-page',
  template: '',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TranscriptPageComponent {
  /** Recording id, from the route. */
  readonly id = input.required<string>();
}
