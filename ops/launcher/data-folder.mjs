import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Refusal } from './refusal.mjs';

/** A new data folder takes the database (50 MB), the model (65 MB) and room for audio. */
const NEEDED_BYTES = 0.5e9;

/** Replaces a small file in one step, so that a crash leaves the old one or the new one. */
export function writeWhole(path, text, mode = 0o600) {
  const temporary = `${path}.${process.pid}.new`;
  writeFileSync(temporary, text, { mode, flush: true });
  renameSync(temporary, path);
}

/** Tells a data folder from a copy of it, which holds the same notes and the same secrets. */
export function folderIdentity(dataDir) {
  const { dev, ino } = statSync(dataDir);
  return { path: realpathSync(dataDir), device: dev, inode: ino };
}

/**
 * One launcher per data folder. The lock is a name in Linux's abstract socket space made from the folder's device and inode: the
 * kernel takes it back when the process dies in whatever way, so there is no stale lock and no race to remove one.
 */
async function lock(dataDir) {
  const { path, device, inode } = folderIdentity(dataDir);
  const name = createHash('sha256').update(`${path}|${device}|${inode}`).digest('hex').slice(0, 40);
  const holder = createServer((socket) => socket.destroy());
  await new Promise((resolve, reject) => {
    holder.once('error', (failure) => reject(failure.code === 'EADDRINUSE' ? new Refusal(`Auscult is already running on ${dataDir}${runningAs(dataDir)}. Stop it first, or set AUSCULT_DATA_DIR to another folder.`) : failure));
    holder.listen(`\0auscult-${name}`, resolve);
  });
  holder.unref();
}

function runningAs(dataDir) {
  const run = readRun(dataDir);
  return run?.url ? ` (process ${run.pid}, ${run.url})` : '';
}

/**
 * What runs now, for the next start, for tests and for people: process ids and addresses, no secret. In a copy of a data folder the
 * file names the processes of the original, which must be left alone: it counts only in the folder that it was written in.
 */
export function readRun(dataDir) {
  try {
    const run = JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8'));
    return isDeepStrictEqual(run.folder, folderIdentity(dataDir)) ? run : null;
  } catch {
    return null; // absent on a first start
  }
}

export const writeRun = (dataDir, run) => writeWhole(join(dataDir, 'run.json'), JSON.stringify({ folder: folderIdentity(dataDir), ...run }, null, 2), 0o644);
export const clearRun = (dataDir) => rmSync(join(dataDir, 'run.json'), { force: true });

/** Makes the folder ready, locked and checked for room; refuses with one line. */
export async function openDataFolder(dataDir) {
  // Passable, not readable: PostgreSQL's user must reach its own folder inside.
  mkdirSync(dataDir, { recursive: true, mode: 0o711 });
  mkdirSync(join(dataDir, 'logs'), { recursive: true, mode: 0o700 });
  const probe = join(dataDir, '.write-probe');
  writeFileSync(probe, 'x'.repeat(4096), { flush: true });
  rmSync(probe);
  const { bavail, bsize } = statfsSync(dataDir);
  if (bavail * bsize < NEEDED_BYTES) throw new Refusal(`Only ${Math.round(bavail * bsize / 1e6)} MB are free at ${dataDir}; Auscult needs ${NEEDED_BYTES / 1e6} MB to start.`);
  await lock(dataDir);
}

/**
 * The secrets of this installation, made once. Without masterKey every stored recording is unreadable for ever: docs/runbook.md says
 * how to keep a copy.
 */
export function openSecrets(dataDir) {
  const path = join(dataDir, 'secrets.json');
  if (existsSync(path)) {
    const { mode } = statSync(path);
    if (mode & 0o077) chmodSync(path, 0o600);
    return parseSecrets(path);
  }
  if (existsSync(join(dataDir, 'audio')) || existsSync(join(dataDir, 'postgres', 'data'))) {
    throw new Refusal(`${path} is missing, but this folder holds data that needs its keys. Put secrets.json back from a backup, or set AUSCULT_DATA_DIR to a new folder.`);
  }
  const word = () => randomBytes(24).toString('base64url');
  const secrets = {
    installation: randomBytes(8).toString('hex'),
    masterKey: randomBytes(32).toString('base64'),
    tokenSecret: randomBytes(48).toString('base64url'),
    superuserPassword: word(),
    databasePassword: word(),
    redisPassword: word(),
  };
  writeWhole(path, JSON.stringify(secrets, null, 2));
  return secrets;
}

const secretNames = ['installation', 'masterKey', 'tokenSecret', 'superuserPassword', 'databasePassword', 'redisPassword'];

function parseSecrets(path) {
  try {
    const secrets = JSON.parse(readFileSync(path, 'utf8'));
    if (secretNames.every((name) => typeof secrets[name] === 'string')) return secrets;
  } catch (failure) {
    if (!(failure instanceof SyntaxError)) throw failure;
  }
  throw new Refusal(`${path} is damaged. Put it back from a backup: it holds the key of all recordings.`);
}
