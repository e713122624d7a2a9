import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';

/** Addresses that belong to the server and never to a page of the portal. */
const RESERVED = /^\/(api|health|socket\.io)(\/|$)/;
/** The build puts a hash into these names, so a name's content never changes. */
const HASHED = /[.-][A-Z0-9]{8}\.(js|css|woff2)$/;

/** Serves the built portal; an address whose last part has no dot is a page of it, which its own router opens. */
export function servePortal(app: NestExpressApplication, folder: string): void {
  app.useStaticAssets(folder, {
    index: false,
    redirect: false,
    setHeaders: (response: Response, path: string) => {
      response.setHeader('Cache-Control', HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  app.use((request: Request, response: Response, next: NextFunction) => {
    const isPage = (request.method === 'GET' || request.method === 'HEAD') && !RESERVED.test(request.path) && !/\.[^/]*$/.test(request.path);
    if (!isPage) return next();
    response.sendFile(join(folder, 'index.html'), { cacheControl: false, headers: { 'Cache-Control': 'no-cache' } }, (error) => error && next(error));
  });
}
