import { Routes } from '@angular/router';

export const clinicianRoutes: Routes = [
  {
    path: ':id',
    title: 'Transcript · Auscult',
    loadComponent: () => import('./transcript/transcript-page.component').then((m) => m.TranscriptPageComponent),
  },
];
