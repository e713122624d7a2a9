import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../paths.mjs';

/** Answers health on its ports; on SIGTERM notes whether the database and Redis were still there, as a real one needs them to be. */
const server = (role) => `
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
const { DATABASE_URL, REDIS_URL, AUSCULT_DATA_DIR, HOST, PORT, METRICS_HOST, METRICS_PORT } = process.env;
const note = (text) => appendFileSync(AUSCULT_DATA_DIR + '/events.log', '${role} ' + text + '\\n');
const reachable = (url) => new Promise((resolve) => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1', () => { socket.destroy(); resolve(true); });
  socket.on('error', () => resolve(false));
});
if (process.env.STAND_IN_FAILS === '${role}') { console.error('AUSCULT_MASTER_KEY must be 32 bytes'); process.exit(1); }
const answer = (request, response) => response.end('{"status":"up"}');
${role === 'api' ? 'createServer(answer).listen(Number(PORT), HOST);' : ''}
createServer(answer).listen(Number(METRICS_PORT), METRICS_HOST);
note('started');
process.on('SIGTERM', async () => {
  note((await reachable(DATABASE_URL)) && (await reachable(REDIS_URL)) ? 'stopped in order' : 'stopped too late');
  process.exit(0);
});
`;

const scripts = {
  'backend/dist/main.api.js': server('api'),
  'backend/dist/main.worker.js': server('worker'),
  'backend/dist/main.live.js': server('live'),
  'backend/dist/main.migrate.js': `import { appendFileSync } from 'node:fs'; appendFileSync(process.env.AUSCULT_DATA_DIR + '/events.log', 'migrated\\n');`,
  'backend/dist/main.seed.js': `console.log(JSON.stringify({ accounts: [{ email: 'admin@demo.example', role: 'admin', password: process.env.AUSCULT_DEMO_PASSWORD || 'made-up-word' }] }));`,
  'libs/speech/dist/cli/fetch-model.js': `console.log(JSON.stringify({ doneBytes: 10, totalBytes: 10 }));`,
  'libs/speech/dist/index.js': '',
  'libs/contracts/dist/index.js': '',
  'frontend/dist/portal/browser/index.html': '',
  'libs/client/dist/index.js': '',
  'libs/ui/dist/index.js': '',
};

/**
 * A checkout with the real launcher and programs that stand in for the backend, so that starting, crashing and stopping are tested in
 * seconds and without a build. Its path holds a space.
 */
export async function makeStandInCheckout() {
  const folder = join(mkdtempSync(join(tmpdir(), 'auscult-')), 'a checkout');
  chmodSync(dirname(folder), 0o755);
  cpSync(join(root, 'ops'), join(folder, 'ops'), { recursive: true });
  for (const name of ['package.json', 'package-lock.json', 'nx.json', 'tsconfig.base.json']) copyFileSync(join(root, name), join(folder, name));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const [path, text] of Object.entries(scripts)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const { markBuilt } = await import(join(folder, 'ops/launcher/build.mjs'));
  markBuilt();
  return { folder, dataDir: join(folder, '.auscult'), remove: () => rmSync(dirname(folder), { recursive: true, force: true }) };
}
