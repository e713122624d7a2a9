import { InjectionToken, inject } from '@angular/core';
import { AuscultClient } from '@auscult/client';
import { Session } from './session';

/** The typed REST client, with the signed-in person's token. Throws ProblemError, UnreachableError, UnexpectedAnswerError. */
export const AUSCULT_CLIENT = new InjectionToken<AuscultClient>('AUSCULT_CLIENT', {
  providedIn: 'root',
  factory: () => new AuscultClient({ accessToken: inject(Session) }),
});
