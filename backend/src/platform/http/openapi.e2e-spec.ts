import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ModulesContainer, Reflector } from '@nestjs/core';
import { METHOD_METADATA } from '@nestjs/common/constants.js';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Problem } from '@auscult/contracts';
import { TestStack } from '../../../test/index.js';
import { PERMISSION, PUBLIC } from '../access/index.js';

const REDOCLY = fileURLToPath(new URL('../../../../node_modules/@redocly/cli/bin/cli.js', import.meta.url));

interface Operation {
  operationId?: string;
  security?: object[];
  parameters?: { name: string; in: string; required?: boolean; schema?: { type?: string; default?: unknown } }[];
  requestBody?: { content: Record<string, { schema?: unknown }> };
  responses: Record<string, { content?: Record<string, { schema?: unknown }> }>;
}

let stack: TestStack;
let document: OpenAPIObject;
beforeAll(async () => {
  stack = await TestStack.start();
  document = (await (await fetch(`${stack.url}/api/openapi.json`)).json()) as OpenAPIObject;
});
afterAll(() => stack.close());

function operations(): { path: string; method: string; operation: Operation }[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Operation>).map(([method, operation]) => ({ path, method, operation })));
}

function operation(id: string): Operation {
  const found = operations().find((entry) => entry.operation.operationId === id);
  if (!found) throw new Error(`No operation ${id}`);
  return found.operation;
}

describe('the description of the api', () => {
  it('is linted clean', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'auscult-openapi-'));
    try {
      await writeFile(join(folder, 'openapi.json'), JSON.stringify(document));
      await writeFile(join(folder, 'redocly.yaml'), 'extends: [recommended]\ntelemetry: off\n');
      const lint = spawnSync(process.execPath, [REDOCLY, 'lint', 'openapi.json', '--format=summary', '--max-problems=200'], {
        cwd: folder, encoding: 'utf8', timeout: 60_000, env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
      });
      expect(lint.stdout + lint.stderr).not.toMatch(/\b[1-9]\d* (error|warning)/);
      expect(lint.status).toBe(0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('gives every operation a name of its own, a described answer and the problems', () => {
    const names = operations().map((entry) => entry.operation.operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const { path, method, operation: { operationId, responses } } of operations()) {
      expect([path, method, operationId]).not.toContain(undefined);
      expect(Object.keys(responses).some((status) => status.startsWith('2') || status.startsWith('3'))).toBe(true);
      expect(responses['default']?.content).toEqual({ 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } });
    }
  });

  it('writes bodies and answers as named types, without references that lead nowhere', () => {
    expect(operation('authSignIn').requestBody?.content['application/json']?.schema).toEqual({ $ref: '#/components/schemas/SignInBody' });
    expect(operation('usersList').responses['200']?.content?.['application/json']?.schema).toEqual({ $ref: '#/components/schemas/UserPage' });
    const defined = Object.keys(document.components?.schemas ?? {});
    const used = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name ?? '');
    expect(used.filter((name) => !defined.includes(name))).toEqual([]);
    expect(defined).toEqual(expect.arrayContaining(['UserView', 'Problem', 'RecordingView']));
  });

  it('writes a query as parameters that may be left out', () => {
    const parameters = operation('usersList').parameters ?? [];
    expect(parameters.map(({ name, in: place, required }) => ({ name, place, required: required ?? false }))).toEqual([
      { name: 'page', place: 'query', required: false }, { name: 'pageSize', place: 'query', required: false },
    ]);
    expect(parameters[0]?.schema).toMatchObject({ type: 'integer', default: 1 });
  });

  it('is shown at /api/docs', async () => {
    const page = await fetch(`${stack.url}/api/docs`);
    expect(page.headers.get('content-type')).toMatch(/html/);
    expect(await page.text()).not.toMatch(/<script>(?!\s*<)/);
  });
});

describe('every route', () => {
  /** Whoever adds a public route adds it here, on purpose. */
  const PUBLIC_ROUTES = ['AudioController.head', 'AudioController.play', 'AuthController.refresh', 'AuthController.signIn', 'AuthController.signOut', 'HealthController.live', 'HealthController.ready'];

  it('is public by decision or asks for a permission', () => {
    const reflector = stack.api.get(Reflector);
    const open: string[] = [];
    for (const { name, handler, type } of handlers()) {
      const isPublic = reflector.getAllAndOverride<boolean | undefined>(PUBLIC, [handler, type]) === true;
      const permission = reflector.getAllAndOverride<string | undefined>(PERMISSION, [handler, type]);
      if (isPublic) open.push(name);
      expect([name, isPublic || permission !== undefined]).toEqual([name, true]);
    }
    expect(open.sort()).toEqual(PUBLIC_ROUTES);
  });

  it('that is not public refuses who is not signed in, before it looks at anything else', async () => {
    const closed = operations().filter((entry) => entry.operation.security?.length !== 0);
    expect(closed.length).toBeGreaterThan(10);
    for (const { path, method } of closed) {
      const address = stack.url + path.replaceAll(/\{\w+\}/g, 'anything');
      for (const headers of [{}, { Authorization: 'Bearer forged' }, { Authorization: 'Basic YTpi' }]) {
        const response = await fetch(address, { method: method.toUpperCase(), headers });
        expect([path, method, response.status]).toEqual([path, method, 401]);
        if (method !== 'head') expect(Problem.parse(await response.json()).code).toBe('sign-in-required');
      }
    }
  });

  function handlers(): { name: string; handler: () => unknown; type: new () => unknown }[] {
    return [...stack.api.get(ModulesContainer).values()].flatMap((module) => [...module.controllers.values()]).flatMap(({ metatype }) => {
      const type = metatype as new () => unknown;
      return Object.entries(Object.getOwnPropertyDescriptors(type.prototype as object))
        .filter(([, { value }]) => typeof value === 'function' && Reflect.hasMetadata(METHOD_METADATA, value as object))
        .map(([method, { value }]) => ({ name: `${type.name}.${method}`, handler: value as () => unknown, type }));
    });
  }
});
