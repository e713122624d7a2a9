import type { Request } from 'express';

/** The parts of express' router that are looked at here: https://github.com/pillarjs/router, `Layer` and `Route`. */
interface Route {
  methods: Record<string, boolean>;
}
interface Layer {
  route?: Route;
  match(path: string): boolean;
}

/** Did a route of ours take the request? The framework's own for what is not found takes every method. */
export function isRouted(request: Request): boolean {
  const route = request.route as Route | undefined;
  return route !== undefined && !takesAll(route);
}

/** The methods that some route takes at the address of a request that no route took; empty where no route lives at all. */
export function allowedMethods(request: Request): string[] {
  const { stack } = (request.app as unknown as { router: { stack: Layer[] } }).router;
  const path = request.baseUrl + request.path;
  const routes = stack.flatMap((layer) => (layer.route && !takesAll(layer.route) && matches(layer, path) ? [layer.route] : []));
  return [...new Set(routes.flatMap((route) => Object.keys(route.methods)).map((method) => method.toUpperCase()))].sort();
}

/** `router.all` writes `_all`; `app.all` writes every method there is, of which no route of ours takes more than a few. */
function takesAll(route: Route): boolean {
  return route.methods['_all'] === true || Object.keys(route.methods).length > 7;
}

/** A path with a broken percent sign makes the router throw. */
function matches(layer: Layer, path: string): boolean {
  try {
    return layer.match(path);
  } catch {
    return false;
  }
}
