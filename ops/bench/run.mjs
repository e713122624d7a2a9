// npm run bench:<name>: measures the product on this machine and writes the table into docs/benchmarks.md.
const [name, ...args] = process.argv.slice(2);
const benches = { transcribe: () => import('./transcribe.mjs'), live: () => import('./live.mjs'), 'second-pass': () => import('./second-pass.mjs') };
const load = benches[name];
if (!load) {
  console.error(`Unknown benchmark. There are: ${Object.keys(benches).join(', ')}`);
  process.exit(1);
}
const { run } = await load();
await run(args);
process.exit(0);
