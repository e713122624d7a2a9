import type { Routes } from '@angular/router';

export const adminRoutes: Routes = [
  {
    path: '',
    pathMatch: 'full',
    title: 'People · Auscult',
    loadComponent: () => import('./people-page.component').then((m) => m.PeoplePageComponent),
  },
];
