import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { seedDemo } from './demo.mjs';
import { root } from './paths.mjs';

/**
 * `npm run serve`: the embedded database and Redis, and on top of them the `serve` targets of backend and frontend, which build again
 * and restart at every change. Resolves when they end.
 */
export async function serve(stack) {
  const { model } = await stack.startServices();
  await model;
  for (const { email, password } of await seedDemo(stack)) stack.screen.line(`  ${email}  ${password}`);
  const environment = { ...stack.environment, NODE_ENV: 'development', PORT: String(stack.port), HOST: '127.0.0.1', LOG_LEVEL: process.env.LOG_LEVEL ?? 'debug' };
  stack.screen.line(`\n  api ${stack.url}, portal with live reload http://localhost:4200 (it expects the api on port 3000); Ctrl-C stops\n`);
  const child = spawn(process.execPath, [join(root, 'node_modules/nx/dist/bin/nx.js'), 'run-many', '-t', 'serve', '-p', 'backend', 'frontend', '--parallel=2', '--output-style=stream'], { cwd: root, env: environment, stdio: ['ignore', 'inherit', 'inherit'], signal: stack.stopped });
  child.on('error', () => undefined); // that it was stopped with the stack
  await new Promise((resolve) => child.on('exit', resolve));
}
