import { makeExample, seedDemo } from './demo.mjs';
import { explain } from './refusal.mjs';
import { Screen } from './screen.mjs';
import { readSettings } from './settings.mjs';
import { serve } from './serve.mjs';
import { Stack } from './stack.mjs';

/** A terminal's Ctrl-C comes twice, once from the terminal and once passed on by npm: what follows this soon is the same wish. */
const SAME_WISH_MS = 1500;

const screen = new Screen();
const startedAt = Date.now();
let stack = null;
let stopAskedAt = null;
let exitCode = 0;

async function stop() {
  if (stopAskedAt !== null) {
    if (Date.now() - stopAskedAt < SAME_WISH_MS) return;
    screen.line('Stopping at once; the next start recovers.');
    process.exit(1);
  }
  stopAskedAt = Date.now();
  screen.line('\nStopping ...');
  await end();
}

async function end() {
  try {
    await stack?.stop();
    if (exitCode === 0) screen.line(`Stopped. Everything is kept in ${stack.settings.dataDir}`);
  } catch (failure) {
    console.error(explain(failure));
    exitCode = 1;
  }
  process.exit(exitCode);
}

function showAccounts(accounts, given) {
  if (accounts.length === 0) return;
  screen.line(given ? '  Demo accounts (password: AUSCULT_DEMO_PASSWORD)' : '  Demo accounts (shown only now, stored as hashes; write them down)');
  const width = Math.max(...accounts.map(({ email }) => email.length));
  for (const { email, role, password } of accounts) screen.line(`    ${email.padEnd(width)}  ${given ? role : `${password ?? 'password as before'}  (${role})`}`);
  screen.line();
}

async function showExample(accounts) {
  try {
    const status = await makeExample(stack, accounts);
    if (status === 'completed') screen.line('  The example transcript is ready.');
    else if (status) screen.line(`! The example transcript: ${status}.`);
  } catch (failure) {
    if (stopAskedAt === null) screen.line(`! The example transcript could not be made: ${explain(failure)}`);
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
process.on('message', stop);
// The other half of this launcher was killed.
process.on('disconnect', stop);

try {
  const settings = readSettings(process.env);
  screen.line('Auscult');
  stack = new Stack(settings, screen);
  if (process.argv.includes('--serve')) {
    await serve(stack);
    await stop();
  }
  await stack.start();
  const accounts = await seedDemo(stack);
  screen.line(`\n  Open ${stack.url}   (ready after ${((Date.now() - startedAt) / 1000).toFixed(1)} s; Ctrl-C stops)\n`);
  showAccounts(accounts, settings.demoPassword);
  if (settings.example && accounts.length > 0) await showExample(accounts);
} catch (failure) {
  if (stopAskedAt === null) {
    exitCode = 1;
    screen.line();
    screen.quiet = true;
    console.error(explain(failure));
    await end();
  }
}
