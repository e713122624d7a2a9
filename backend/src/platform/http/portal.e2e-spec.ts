import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestStack } from '../../../test/index.js';

let folder: string;
let stack: TestStack;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auscult-portal-'));
  const portal = join(folder, 'browser');
  await mkdir(portal);
  await writeFile(join(portal, 'index.html'), '<!doctype html><title>Portal</title>');
  await writeFile(join(portal, 'main-A1B2C3D4.js'), 'export {};');
  await writeFile(join(portal, '.env'), 'SECRET=1');
  await writeFile(join(folder, 'outside.txt'), 'outside');
  stack = await TestStack.start({ env: { AUSCULT_PORTAL_DIR: portal } });
});
afterAll(async () => {
  await stack.close();
  await rm(folder, { recursive: true });
});

describe('the portal', () => {
  it.each(['/', '/recordings', '/recordings/0190-some-id?tab=notes'])('opens the page at %s, which browsers ask for anew each time', async (path) => {
    const response = await fetch(stack.url + path);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(await response.text()).toContain('<title>Portal</title>');
  });

  it('lets browsers keep files whose name says their content', async () => {
    const response = await fetch(`${stack.url}/main-A1B2C3D4.js`);
    expect(response.headers.get('content-type')).toMatch(/javascript/);
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  it.each(['/main-00000000.js', '/.env', '/..%2foutside.txt', '/%2e%2e/outside.txt', '/api/nope', '/health/nope'])('answers not-found at %s, never a page', async (path) => {
    const response = await fetch(stack.url + path);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toMatch(/problem\+json/);
  });
});
