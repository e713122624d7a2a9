import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { modelDir } from '../testing/model-dir.js';
import { ModelFetchError } from './model-fetch-error.js';
import { fetchModel } from './fetch-model.js';
import { modelPaths, models } from './model-registry.js';
import { moonshineTokens } from './moonshine-tokens.js';

const newFolder = () => mkdtemp(join(tmpdir(), 'auscult-model-'));
const cli = fileURLToPath(new URL('../../dist/cli/fetch-model.js', import.meta.url));

function runCli(args: string[], env: Record<string, string> = {}): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [cli, ...args], { env: { ...process.env, ...env } }, (_, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr });
    });
  });
}

describe('models', () => {
  it('are pinned to the byte', () => {
    for (const { packages } of Object.values(models)) {
      for (const { spec, integrity, files } of packages) {
        expect(spec).toMatch(/@\d+\.\d+\.\d+$/);
        expect(integrity).toMatch(/^sha512-/);
        for (const { sha256 } of files.values()) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      }
    }
  });

  it('have the tokens that the tokenizer package gives', async () => {
    const tokens = await moonshineTokens();
    expect(createHash('sha256').update(tokens).digest('hex')).toBe(models.base.made.find(({ path }) => path === 'moonshine-tokens.txt')?.sha256);
    expect(tokens.trimEnd().split('\n')).toHaveLength(32_768);
  });
});

describe('fetchModel', () => {
  it('does nothing where all is there', async () => {
    const progress: number[][] = [];
    await fetchModel('base', modelDir(), (...each) => progress.push(each));
    expect(progress).toEqual([[0, 0]]);
  });

  it('makes again what is damaged', async () => {
    const dir = await newFolder();
    await cp(modelDir(), dir, { recursive: true });
    await writeFile(modelPaths('base', dir).tokens, 'damaged');
    await fetchModel('base', dir, () => undefined);
    expect(await readFile(modelPaths('base', dir).tokens, 'utf8')).toBe(await moonshineTokens());
    expect((await readdir(dir)).filter((name) => name.startsWith('.'))).toEqual([]);
    await rm(dir, { recursive: true });
  });

  it('says in one line that a folder cannot be used', async () => {
    const dir = await newFolder();
    await writeFile(join(dir, 'file'), '');
    const failure = await fetchModel('base', join(dir, 'file', 'models'), () => undefined).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ModelFetchError);
    expect(failure).toMatchObject({ failure: 'folder', retryable: false, message: expect.stringMatching(/^[^\n]*folder[^\n]*$/) });
  });

  it('says in one line that the registry cannot be reached, and leaves nothing behind', async () => {
    const dir = await newFolder();
    const home = await newFolder();
    // An empty home: what npm has in its cache would serve otherwise.
    const { code, stderr } = await runCli(['base', dir], { HOME: home, npm_config_registry: 'http://127.0.0.1:9/' });
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('registry cannot be reached');
    expect(await readdir(dir)).toEqual([]);
  });
});

describe('the fetch-model command', () => {
  it('tells its progress in lines of JSON and ends well', async () => {
    const { code, stdout } = await runCli(['base', modelDir()]);
    expect(code).toBe(0);
    expect(stdout.trim().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual([{ model: 'base', doneBytes: 0, totalBytes: 0 }]);
  });

  it('says how it is used', async () => {
    expect(await runCli(['huge', '/nowhere'])).toMatchObject({ code: 2, stderr: expect.stringContaining('Usage') });
  });
});

describe('ModelFetchError', () => {
  it.each([
    ['ENOSPC', 'disk-full', false],
    ['ENOTFOUND', 'network', true],
    ['E404', 'registry', true],
    ['EINTEGRITY', 'checksum', true],
    ['EACCES', 'folder', false],
    ['EWHATEVER', 'unknown', true],
  ])('tells %s as %s', (code, failure, retryable) => {
    const error = ModelFetchError.from(Object.assign(new Error('two\nlines'), { code }));
    expect(error).toMatchObject({ failure, retryable });
    expect(error.message).not.toContain('\n');
  });
});
