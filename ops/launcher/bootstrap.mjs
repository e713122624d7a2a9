import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { ensurePackages } from './packages.mjs';
import { root } from './paths.mjs';
import { explain, Refusal } from './refusal.mjs';

/** The stack is written for this Node; npm brings it (optionalDependencies), so a machine needs only one that can run npm. */
function bundledNode() {
  const path = `${root}/node_modules/node-linux-${process.arch}/bin/node`;
  if (!existsSync(path)) throw new Refusal(`The bundled Node 24 is missing (${path}). Delete node_modules and run npm start again.`);
  return path;
}

function checkMachine() {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) {
    throw new Refusal(`npm start runs on Linux (x64 or arm64), this is ${process.platform} ${process.arch}. Use docker-compose.yml here.`);
  }
  if (!process.report.getReport().header.glibcVersionRuntime) {
    throw new Refusal('The bundled database needs a Linux with glibc (Debian, Ubuntu, Fedora ...). Use docker-compose.yml on this one.');
  }
}

/** Environment of everything that is started: this workspace's tools first, so that `node` means the bundled one. */
export function toolEnvironment() {
  return { ...process.env, PATH: `${root}/node_modules/.bin:${process.env.PATH ?? ''}`, NX_DAEMON: 'false', NX_TUI: 'false', NX_NO_CLOUD: 'true' };
}

/**
 * Installs the packages if needed and runs a script on the bundled Node, as this process's other half: it gets Ctrl-C from the
 * terminal itself, a signal sent to this process is passed on as a message, and it leaves when this process is killed ('disconnect').
 */
export async function runOnBundledNode(script, args) {
  try {
    checkMachine();
    await ensurePackages();
    const child = spawn(bundledNode(), ['--no-warnings', script, ...args], { cwd: root, stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env: toolEnvironment() });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.connected && child.send('stop'));
    const [code] = await new Promise((resolve, reject) => {
      child.on('exit', (...ending) => resolve(ending));
      child.on('error', reject);
    });
    process.exitCode = code ?? 1;
  } catch (failure) {
    console.error(explain(failure));
    process.exitCode = 1;
  }
}
