import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { constants, getPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { TestStack, eventually, freePort } from '../../../test/index.js';

const main = (name: string): string => fileURLToPath(new URL(`../../../dist/main.${name}.js`, import.meta.url));

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
});
afterAll(() => stack.close());

async function started(name: 'api' | 'worker' | 'live'): Promise<ChildProcess> {
  const metricsPort = await freePort();
  const child = fork(main(name), { env: { ...stack.env, METRICS_PORT: String(metricsPort) }, stdio: 'ignore' });
  await eventually(async () => (await fetch(`http://127.0.0.1:${metricsPort}/health/ready`)).ok);
  return child;
}

describe('a process', () => {
  it.each(['api', 'worker', 'live', 'seed'])('%s does not start with a wrong configuration, and says why in a line each', (name) => {
    const env = { ...stack.env, DATABASE_URL: 'hunter2', AUSCULT_TOKEN_SECRET: 'hunter2' };
    const run = spawnSync(process.execPath, [main(name)], { env, encoding: 'utf8', timeout: 20_000 });
    expect(run.status).toBe(1);
    expect(run.stderr.trim().split('\n').map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual(['Configuration: DATABASE_URL', 'Configuration: AUSCULT_TOKEN_SECRET']);
    expect(run.stderr + run.stdout).not.toContain('hunter2');
  });

  it('migrations ask for the address of the database alone', () => {
    const migrate = (url: string) => spawnSync(process.execPath, [main('migrate')], { env: { PATH: process.env['PATH'], DATABASE_URL: url }, encoding: 'utf8', timeout: 20_000 });
    const refused = migrate('hunter2');
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/^Configuration: DATABASE_URL (?!.*hunter2).*\n$/);
    expect(migrate(stack.env['DATABASE_URL'] ?? '')).toMatchObject({ status: 0, stderr: '' });
  });

  it.each(['api', 'worker', 'live'] as const)('%s ends in order when it is told to, and when whoever started it is gone', async (name) => {
    for (const end of [(child: ChildProcess) => child.kill('SIGTERM'), (child: ChildProcess) => child.kill('SIGINT'), (child: ChildProcess) => child.disconnect()]) {
      const child = await started(name);
      const exit = once(child, 'exit');
      end(child);
      expect(await exit).toEqual([0, null]);
    }
  });

  it('lets a voice have the cores before files', async () => {
    for (const [name, priority] of [['worker', constants.priority.PRIORITY_BELOW_NORMAL], ['live', constants.priority.PRIORITY_NORMAL]] as const) {
      const child = await started(name);
      const exit = once(child, 'exit');
      expect(getPriority(child.pid)).toBe(priority);
      child.kill('SIGTERM');
      await exit;
    }
  });

  it('does not start on a port that is taken, and says so', async () => {
    const port = new URL(stack.url).port;
    const run = spawnSync(process.execPath, [main('api')], { env: { ...stack.env, PORT: port }, encoding: 'utf8', timeout: 20_000 });
    expect(run.status).toBe(1);
    expect(run.stderr).toContain('EADDRINUSE');
  });
});
