import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Options } from 'pacote';

interface NpmConfig {
  readonly registry?: string | null;
  readonly proxy?: string | null;
  readonly 'https-proxy'?: string | null;
  readonly noproxy?: string | readonly string[] | null;
  readonly cafile?: string | null;
  readonly 'strict-ssl'?: boolean;
}

/** Without the last one npm refuses to answer in the folder of a workspace. */
const NPM_CONFIG_LIST = ['config', 'list', '--json', '--workspaces=false'];

async function npmConfig(): Promise<NpmConfig> {
  try {
    const { stdout } = await promisify(execFile)('npm', NPM_CONFIG_LIST, { maxBuffer: 4 * 1024 * 1024 });
    return JSON.parse(stdout) as NpmConfig;
  } catch {
    // A container may hold node without npm: pacote's own defaults (the public registry, HTTPS_PROXY) serve then.
    return {};
  }
}

/**
 * The registry, proxy and certificates that npm itself uses on this machine, in pacote's form. pacote alone knows nothing
 * of .npmrc files, and a model must come from where the dependencies came from.
 */
export async function npmNetworkSettings(): Promise<Options> {
  const config = await npmConfig();
  const settings: Record<string, unknown> = {};
  if (config.registry) settings['registry'] = config.registry;
  if (config.proxy) settings['proxy'] = config.proxy;
  if (config['https-proxy']) settings['httpsProxy'] = config['https-proxy'];
  if (config.noproxy?.length) settings['noProxy'] = config.noproxy;
  if (config.cafile) settings['ca'] = await readFile(config.cafile, 'utf8');
  if (config['strict-ssl'] === false) settings['strictSSL'] = false;
  // npm's own pauses of ten seconds and more look like a hang beside a progress display.
  settings['fetchRetryMintimeout'] = 1000;
  return settings;
}
