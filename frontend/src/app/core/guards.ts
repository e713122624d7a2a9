import { inject } from '@angular/core';
import { Router, type CanActivateFn, type CanMatchFn } from '@angular/router';
import type { Role } from '@auscult/contracts';
import { ServerReach } from './server-reach';
import { Session } from './session';

export const homeOf: Record<Role, string> = { clinician: '/recordings', admin: '/people' };

/** Lets signed-in people in and sends others to the sign-in page, which brings them back. */
export const signedIn: CanMatchFn = async () => {
  const [session, router, reach] = [inject(Session), inject(Router), inject(ServerReach)];
  if (!(await reach.attempt(() => session.restore()))) return false;
  if (session.user() !== null) return true;
  const target = router.currentNavigation()?.extractedUrl.toString() ?? '/';
  return router.createUrlTree(['/sign-in'], { queryParams: target === '/' ? {} : { returnTo: target } });
};

/** The sign-in page is for people who are not signed in. */
export const signedOut: CanActivateFn = async () => {
  const [session, router, reach] = [inject(Session), inject(Router), inject(ServerReach)];
  if (!(await reach.attempt(() => session.restore()))) return false;
  return session.user() === null || router.parseUrl('/');
};

/** Matches a portal for its role only: what is another role's looks like what does not exist. */
export function forRole(role: Role): CanMatchFn {
  return () => inject(Session).user()?.role === role;
}
