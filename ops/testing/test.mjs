/**
 * `npm test`, on a fresh clone too: all tests of all projects, or some (`npm test -- backend unit`). Like ops/launcher/start.mjs this
 * file must be readable for any Node.
 */
const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  console.error(`The tests need Node 20 or newer to install themselves, this is ${process.versions.node}.`);
  process.exitCode = 1;
} else {
  const { runOnBundledNode } = await import('../launcher/bootstrap.mjs');
  await runOnBundledNode('ops/testing/main.mjs', process.argv.slice(2));
}
