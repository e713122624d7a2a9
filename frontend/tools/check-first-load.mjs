import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/**
 * Fails the build when the first load of the clinician portal (the page, its styles, the initial scripts and the lazy ones
 * that the recordings list needs) is over the limit, gzipped. Angular's own budgets count raw bytes only.
 */
const LIMIT_BYTES = 200_000;
const ENTRY_POINTS = ['clinician/clinician.routes.ts', 'clinician/recordings/recordings-page.component.ts'];

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const portal = join(dist, 'portal');
const stats = JSON.parse(await readFile(join(portal, 'browser-stats.json'), 'utf8'));
const html = await readFile(join(portal, 'browser', 'index.html'), 'utf8');

const files = new Set(['index.html']);
for (const [, address] of html.matchAll(/(?:src|href)="([^":]+\.(?:js|css))"/g)) addWithImports(address);
for (const entryPoint of ENTRY_POINTS) {
  const output = Object.entries(stats.outputs).find(([, { entryPoint: of }]) => of?.endsWith(entryPoint));
  if (!output) throw new Error(`No chunk begins at ${entryPoint}: adapt ENTRY_POINTS to the routes.`);
  addWithImports(output[0]);
}

function addWithImports(file) {
  if (files.has(file)) return;
  files.add(file);
  for (const { path, kind, external } of stats.outputs[file]?.imports ?? []) {
    if (kind === 'import-statement' && !external) addWithImports(path);
  }
}

const sizes = await Promise.all(
  [...files].map(async (file) => ({ file, gzipped: gzipSync(await readFile(join(portal, 'browser', file))).length })),
);
const total = sizes.reduce((sum, { gzipped }) => sum + gzipped, 0);
await writeFile(join(dist, 'first-load.json'), JSON.stringify({ total, limit: LIMIT_BYTES, sizes }, null, 2));
process.stdout.write(`First load of the clinician portal: ${(total / 1000).toFixed(1)} kB gzipped of ${LIMIT_BYTES / 1000} kB\n`);
if (total > LIMIT_BYTES) {
  for (const { file, gzipped } of sizes.sort((a, b) => b.gzipped - a.gzipped)) process.stderr.write(`  ${gzipped}  ${file}\n`);
  process.exit(1);
}
