import { inject } from '@angular/core';
import { Router, type CanActivateFn, type CanMatchFn, type UrlTree } from '@angular/router';
import type { Role } from '@auscult/contracts';
import { ServerReach } from './server-reach';
import { Session } from './session';

/** Lets signed-in people in and sends others to the sign-in page, which brings them back. */
export const signedIn: CanActivateFn = async (_route, state) => {
  const [session, router, reach] = [inject(Session), inject(Router), inject(ServerReach)];
  if (!(await reach.attempt(() => session.restore()))) return false;
  return session.user() !== null || signInTree(router, state.url);
};

/** The sign-in page is for people who are not signed in. */
export const signedOut: CanActivateFn = async () => {
  const [session, router, reach] = [inject(Session), inject(Router), inject(ServerReach)];
  if (!(await reach.attempt(() => session.restore()))) return false;
  return session.user() === null || router.parseUrl('/');
};

/** Matches a portal only for its role; each person's own portal is at `/`. */
export function forRole(role: Role): CanMatchFn {
  return async () => {
    const [session, router, reach] = [inject(Session), inject(Router), inject(ServerReach)];
    if (!(await reach.attempt(() => session.restore()))) return false;
    const user = session.user();
    if (user === null) return signInTree(router, location.pathname + location.search);
    return user.role === role || router.parseUrl('/');
  };
}

export const homeOf: Record<Role, string> = { clinician: '/recordings', admin: '/people' };

function signInTree(router: Router, returnTo: string): UrlTree {
  return router.createUrlTree(['/sign-in'], { queryParams: returnTo === '/' ? {} : { returnTo } });
}
