/**
 * `npm start`. This file runs on whatever Node the machine has, so it imports nothing before it knows that the rest can be read.
 * What follows: bootstrap.mjs (system Node: packages), main.mjs (the bundled Node 24: everything else).
 */
const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  console.error(`Auscult needs Node 20 or newer to install itself, this is ${process.versions.node}. Install a newer Node and run npm start again.`);
  process.exitCode = 1;
} else {
  const { runOnBundledNode } = await import('./bootstrap.mjs');
  await runOnBundledNode('ops/launcher/main.mjs', process.argv.slice(2));
}
