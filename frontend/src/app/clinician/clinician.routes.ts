import { inject, provideEnvironmentInitializer } from '@angular/core';
import type { Routes } from '@angular/router';
import type { LivePageComponent } from './live/live-page.component';
import { SessionRemovals } from './live/session/session-removals';
import { SessionsUnderWay } from './live/session/sessions-under-way';
import type { TranscriptPageComponent } from './transcript/transcript-page.component';
import { Transfers } from './uploads/transfers';
import { TusTransfers } from './uploads/tus-transfers';
import { Uploads } from './uploads/uploads';

export const clinicianRoutes: Routes = [
  {
    path: '',
    // Here, not in the page: uploads go on while a transcript is read.
    providers: [
      Uploads,
      { provide: Transfers, useClass: TusTransfers },
      provideEnvironmentInitializer(() => [SessionsUnderWay, SessionRemovals].forEach((service) => void inject<unknown>(service))),
    ],
    children: [
      {
        path: '',
        pathMatch: 'full',
        title: 'Recordings · Auscult',
        loadComponent: () => import('./recordings/recordings-page.component').then((m) => m.RecordingsPageComponent),
      },
      {
        path: 'live',
        title: 'New session · Auscult',
        canDeactivate: [(page: LivePageComponent) => page.mayLeave()],
        loadComponent: () => import('./live/live-page.component').then((m) => m.LivePageComponent),
      },
      {
        path: ':id',
        title: 'Transcript · Auscult',
        canDeactivate: [(page: TranscriptPageComponent) => page.mayLeave()],
        loadComponent: () => import('./transcript/transcript-page.component').then((m) => m.TranscriptPageComponent),
      },
    ],
  },
];
