import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';

/**
 * Headers for the api and for the portal on the same origin. Angular puts component styles into the page as style elements,
 * hence `'unsafe-inline'` for styles and for nothing else. Sockets are covered by `'self'` (CSP level 3).
 * @param https false leaves out HSTS and upgrade-insecure-requests, which would lock out a server without TLS
 */
export function securityHeaders(https: boolean) {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        scriptSrcAttr: ["'none'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'"],
        mediaSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'"],
        workerSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        ...(https ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: https ? { maxAge: 31_536_000 } : false,
    referrerPolicy: { policy: 'no-referrer' },
  });
}

/** The portal records with the microphone and, of a call, with the sound of another tab; nothing else may use any device. */
export function devicePolicy(_request: Request, response: Response, next: NextFunction): void {
  response.setHeader('Permissions-Policy', 'microphone=(self), display-capture=(self), camera=(), geolocation=(), payment=(), usb=()');
  next();
}

/** Answers of the api hold what patients said: no cache keeps them, unless a route says otherwise. */
export function noStore(request: Request, response: Response, next: NextFunction): void {
  if (request.path.startsWith('/api/')) response.setHeader('Cache-Control', 'no-store');
  next();
}
