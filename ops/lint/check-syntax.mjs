import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

/** The build of plain scripts: Node reads each one, so that a slip shows in `nx build` and not at three in the morning. */
const scripts = readdirSync('ops', { recursive: true }).filter((name) => /\.(mjs|cjs|js)$/.test(name) && !name.includes('node_modules'));
for (const script of scripts) {
  try {
    execFileSync(process.execPath, ['--check', `ops/${script}`], { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (failure) {
    process.stderr.write(failure.stderr);
    process.exitCode = 1;
  }
}
