import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { Problem } from '@auscult/contracts';
import { type SignedIn, TestStack } from '../../../test/index.js';

let stack: TestStack;
let admin: SignedIn;
beforeAll(async () => {
  stack = await TestStack.start();
  admin = await stack.people.signedIn({ role: 'admin' });
});
afterAll(() => stack.close());

async function expectProblem(response: Response, status: number, code: string): Promise<Problem> {
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(response.headers.get('cache-control')).toBe('no-store');
  const problem = Problem.parse(await response.json());
  expect(problem).toMatchObject({ code, status, type: `/problems/${code}` });
  expect(problem.requestId).toBe(response.headers.get('x-request-id'));
  return problem;
}

const json = (body: string): RequestInit => ({ method: 'POST', headers: { 'Content-Type': 'application/json' }, body });

describe('a request that is wrong', () => {
  it('is named as such when its JSON is broken, and nothing of it is repeated', async () => {
    const response = await fetch(`${stack.url}/api/auth/sign-in`, json('{"email": "ann@example.org", "password": hunter2'));
    const problem = await expectProblem(response, 400, 'request-invalid');
    expect(JSON.stringify(problem)).not.toMatch(/ann|hunter/);
  });

  it.each(['null', '[]', '"text"', '7', '{}', ''])('is refused field by field when its body is %p', async (body) => {
    await expectProblem(await fetch(`${stack.url}/api/auth/sign-in`, json(body)), 400, 'request-invalid');
  });

  it('names each wrong field', async () => {
    const response = await admin.send('POST', '/api/users', { email: 'x', role: 'king', displayName: ' ' });
    const problem = await expectProblem(response, 400, 'request-invalid');
    expect(problem.issues?.map((issue) => issue.path).sort()).toEqual(['displayName', 'email', 'password', 'role']);
  });

  it.each(['page=0', 'page=1.5', 'page=x', 'pageSize=101', 'page=1e9', 'page=', 'page=1&page=2'])('is refused when its query is %s', async (query) => {
    await expectProblem(await admin.fetch(`/api/users?${query}`), 400, 'request-invalid');
  });

  it('gets the defaults of the contract where it says nothing, and numbers from text', async () => {
    expect(await (await admin.fetch('/api/users')).json()).toMatchObject({ page: 1, pageSize: 25 });
    expect(await (await admin.fetch('/api/users?page=2&pageSize=7')).json()).toMatchObject({ page: 2, pageSize: 7 });
  });

  it('is too large', async () => {
    const response = await admin.send('POST', '/api/users', { email: 'a@example.org', displayName: 'x'.repeat(2_000_000) });
    await expectProblem(response, 413, 'upload-too-large');
  });

  it.each(['\0', '\ud800', '\u202e\u0000'])('cannot break the database with the character %j', async (character) => {
    const body = { email: `odd${character.length}@example.org`, displayName: `A${character}`, role: 'clinician', password: `twelve letters${character}` };
    const response = await admin.send('POST', '/api/users', body);
    expect(response.status).toBe(character.includes('\0') ? 400 : 201);
  });

  it('cannot pollute prototypes', async () => {
    await fetch(`${stack.url}/api/auth/sign-in`, json('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"email":"a@b.org","password":"x"}'));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('an address', () => {
  it.each(['/api/nope', '/api', '/api/users/nope', '/health/nope', '/nope.js', '/%2e%2e/%2e%2e/etc/passwd', '/api/..%2f..%2fetc/passwd', '/.env'])(
    'that leads nowhere (%s) answers not-found', async (path) => {
      await expectProblem(await fetch(stack.url + path, { method: path.startsWith('/api') ? 'GET' : 'POST' }), 404, 'not-found');
    });

  it('with a broken percent sign is an invalid request', async () => {
    await expectProblem(await fetch(`${stack.url}/api/audio/%E0%A4%A`), 400, 'request-invalid');
  });

  it('that does not take a method says which it takes', async () => {
    const response = await fetch(`${stack.url}/api/auth/sign-in`);
    await expectProblem(response, 405, 'method-not-allowed');
    expect(response.headers.get('allow')).toBe('POST');
    const health = await fetch(`${stack.url}/health/live`, { method: 'POST' });
    await expectProblem(health, 405, 'method-not-allowed');
    expect((await fetch(`${stack.url}/api/users`, { method: 'DELETE' })).headers.get('allow')).toBe('GET, POST');
  });
});

describe('every answer', () => {
  it('carries an id: the own one, or the one that a proxy gave if it is harmless', async () => {
    const given = (id: string) => fetch(`${stack.url}/api/nope`, { headers: { 'X-Request-Id': id } });
    expect((await given('from-the-proxy-1')).headers.get('x-request-id')).toBe('from-the-proxy-1');
    expect((await given('{"a":1}')).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('forbids framing, sniffing and foreign scripts', async () => {
    const { headers } = await fetch(`${stack.url}/health/live`);
    expect(headers.get('content-security-policy')).toContain("script-src 'self';");
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('garbage on the wire', () => {
  it('does not take the server down', async () => {
    const { hostname, port } = new URL(stack.url);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => socket.write('BREW /pot HTTP/1.1\r\n\0\0\r\n\r\n'));
      socket.once('close', () => resolve());
      socket.resume();
    });
    expect((await fetch(`${stack.url}/health/live`)).status).toBe(200);
  });
});
