import { Routes } from '@angular/router';

export const routes: Routes = [
  { path: 'recordings', loadChildren: () => import('./clinician/clinician.routes').then((m) => m.clinicianRoutes) },
];
