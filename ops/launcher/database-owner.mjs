import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { folderIdentity, writeWhole } from './data-folder.mjs';
import { Refusal } from './refusal.mjs';

/**
 * A database outside its data folder says in a note which folder it belongs to: a copy of that folder has the same secrets and would
 * work in the same database. One without a note, of an older version, is taken by the folder that comes first.
 */
export function claimForFolder(home, dataDir) {
  const note = join(home, 'owner.json');
  const mine = folderIdentity(dataDir);
  const owner = existsSync(note) ? JSON.parse(readFileSync(note, 'utf8')) : mine;
  if (isElsewhere(owner, mine, home)) {
    throw new Refusal(`The database in ${home} belongs to the data folder ${owner.path}, and ${dataDir} is a copy of it. docs/runbook.md tells how a copy gets a database of its own.`);
  }
  writeWhole(note, JSON.stringify(mine));
}

/**
 * Whether the owner is still where it was and is another folder. One that was moved is not there any more, and one that was put back
 * from a backup lies under the noted path itself; devices are numbered anew when the machine starts.
 */
function isElsewhere(owner, mine, home) {
  if (owner.path === mine.path || installationIn(owner.path) !== basename(home)) return false;
  const { device, inode } = folderIdentity(owner.path);
  return device !== mine.device || inode !== mine.inode;
}

function installationIn(dataDir) {
  const secrets = join(dataDir, 'secrets.json');
  return existsSync(secrets) ? JSON.parse(readFileSync(secrets, 'utf8')).installation : null;
}
