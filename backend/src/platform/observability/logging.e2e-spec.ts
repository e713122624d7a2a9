import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { TestStack, eventually, freePort } from '../../../test/index.js';

const MAIN = fileURLToPath(new URL('../../../dist/main.api.js', import.meta.url));

let stack: TestStack;
let api: ChildProcess;
let url: string;
let log = '';
beforeAll(async () => {
  stack = await TestStack.start();
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  api = spawn(process.execPath, [MAIN], { env: { ...stack.env, PORT: String(port), LOG_LEVEL: 'info' }, stdio: ['ignore', 'pipe', 'inherit'] });
  api.stdout?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  await eventually(async () => (await fetch(`${url}/health/ready`)).ok);
});
afterAll(async () => {
  if (api.exitCode === null) {
    const exit = once(api, 'exit');
    api.kill('SIGTERM');
    await exit;
  }
  await stack.close();
});

interface Line {
  msg: string;
  reqId?: string;
  req?: { id: string; method: string };
  res?: { status: number; route?: string };
  err?: { type: string; at?: string[] };
}

async function lineOf(requestId: string): Promise<Line> {
  return eventually(() => log.split('\n').filter((line) => line.includes(requestId)).map((line) => JSON.parse(line) as Line).find((line) => line.msg === 'request'));
}

describe('the log', () => {
  it('says what a request was by its route, without address, query, headers or body', async () => {
    const who = await stack.people.signedIn({ role: 'admin', email: 'secret-address@example.org' });
    const response = await fetch(`${url}/api/users?page=1&search=anxious`, { headers: { Authorization: `Bearer ${who.token}`, 'X-Request-Id': 'request-one', Cookie: who.cookie } });
    expect(response.status).toBe(200);
    expect(await lineOf('request-one')).toMatchObject({ req: { id: 'request-one', method: 'GET' }, res: { status: 200, route: '/api/users' } });
    await fetch(`${url}/api/audio/a-token-of-a-link`, { headers: { 'X-Request-Id': 'request-two' } });
    expect((await lineOf('request-two')).res?.route).toBe('/api/audio/:token');
    await fetch(`${url}/api/auth/sign-in`, { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Request-Id': 'request-three' }, body: '{"email":"secret-address@example.org","password":"hunter22"}' });
    expect((await lineOf('request-three')).res).toMatchObject({ status: 401 });
    for (const secret of [who.token, who.cookie.split('=')[1] ?? '-', 'a-token-of-a-link', 'anxious', 'secret-address', 'hunter22']) expect(log).not.toContain(secret);
  });

  it('says where an unforeseen error happened, and not what was in it', async () => {
    const who = await stack.people.signedIn();
    await stack.em.execute('alter table app_user rename column display_name to elsewhere');
    try {
      const response = await fetch(`${url}/api/auth/me`, { headers: { Authorization: `Bearer ${who.token}`, 'X-Request-Id': 'request-four' } });
      expect(response.status).toBe(500);
      expect(await response.text()).not.toMatch(/display_name|select/i);
    } finally {
      await stack.em.execute('alter table app_user rename column elsewhere to display_name');
    }
    const line = await eventually(() => log.split('\n').map((text) => (text ? (JSON.parse(text) as Line) : undefined)).find((entry) => entry?.msg === 'A request failed'));
    expect(line.err?.type).toBe('InvalidFieldNameException');
    expect(line.err?.at?.length).toBeGreaterThan(0);
    expect(JSON.stringify(line)).not.toContain(who.id);
  });
});

describe('the api as a process', () => {
  it('closes in order when it is told to stop', async () => {
    const exit = once(api, 'exit');
    api.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
  });
});
