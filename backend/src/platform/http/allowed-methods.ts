import type { Request } from 'express';

/** The part of express' router that is looked at here: https://github.com/pillarjs/router, `Layer`. */
interface Layer {
  route?: { methods: Record<string, boolean> };
  match(path: string): boolean;
}

/** The methods that some route takes at the address of a request that no route took; empty where no route lives at all. */
export function allowedMethods(request: Request): string[] {
  const { stack } = (request.app as unknown as { router: { stack: Layer[] } }).router;
  const methods = stack.filter((layer) => layer.route && matches(layer, request.path)).flatMap((layer) => Object.keys(layer.route?.methods ?? {}));
  return [...new Set(methods.map((method) => method.toUpperCase()))].sort();
}

/** A path with a broken percent sign makes the router throw. */
function matches(layer: Layer, path: string): boolean {
  try {
    return layer.match(path);
  } catch {
    return false;
  }
}
