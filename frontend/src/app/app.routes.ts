import { inject } from '@angular/core';
import type { Routes } from '@angular/router';
import { forRole, homeOf, signedIn, signedOut } from './core/guards';
import { Session } from './core/session';

function home(): string {
  const user = inject(Session).user();
  return user ? homeOf[user.role] : '/sign-in';
}

export const routes: Routes = [
  {
    path: 'sign-in',
    title: 'Sign in · Auscult',
    canActivate: [signedOut],
    loadComponent: () => import('./sign-in/sign-in-page.component').then((m) => m.SignInPageComponent),
  },
  {
    path: '',
    canMatch: [signedIn],
    loadComponent: () => import('./core/portal-frame.component').then((m) => m.PortalFrameComponent),
    children: [
      { path: '', pathMatch: 'full', redirectTo: home },
      {
        path: 'recordings',
        canMatch: [forRole('clinician')],
        loadChildren: () => import('./clinician/clinician.routes').then((m) => m.clinicianRoutes),
      },
      {
        path: 'people',
        canMatch: [forRole('admin')],
        loadChildren: () => import('./admin/admin.routes').then((m) => m.adminRoutes),
      },
      {
        path: '**',
        title: 'Not found · Auscult',
        loadComponent: () => import('./not-found/not-found-page.component').then((m) => m.NotFoundPageComponent),
      },
    ],
  },
];
