import { ChangeDetectionStrategy, Component } from '@angular/core';
import { RouterLink } from '@angular/router';
import { ButtonComponent, StatePanelComponent } from '@auscult/ui';

@Component({
  selector: 'auscult-not-found-page',
  imports: [ButtonComponent, RouterLink, StatePanelComponent],
  template: `
    <div class="page">
      <h1 class="visually-hidden">Not found</h1>
      <au-state-panel icon="search" heading="There is nothing here" text="The page does not exist, it was deleted, or it is not yours.">
        <a auButton look="primary" routerLink="/">Go to the start page</a>
      </au-state-panel>
    </div>
  `,
  styles: `.page { margin-block: auto; }`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class NotFoundPageComponent {}
