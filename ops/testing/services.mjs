import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDataFolder, openSecrets } from '../launcher/data-folder.mjs';
import { fetchModel } from '../launcher/model.mjs';
import { root } from '../launcher/paths.mjs';
import { EmbeddedPostgres } from '../launcher/postgres.mjs';
import { embeddedRedis } from '../launcher/redis.mjs';
import { findChromium } from './chromium.mjs';
import { startProduct } from './product.mjs';

/** Downloads outlive the clone: a model is 65 MB. */
const modelFolder = () => process.env.AUSCULT_MODEL_DIR || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'auscult', 'models');

/** What suites need, each started at most once and stopped in reverse; `environment` grows with what is up. */
export class Services {
  #started = new Map();
  #stops = [];
  environment = { ...process.env };

  constructor(say) {
    this.say = say;
    this.folder = mkdtempSync(join(tmpdir(), 'auscult-test-'));
  }

  start(name) {
    if (!this.#started.has(name)) this.#started.set(name, this.#starters[name]());
    return this.#started.get(name);
  }

  async stop() {
    for (const stop of this.#stops.reverse()) await stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #starters = {
    database: async () => {
      const dataDir = join(this.folder, 'database');
      await openDataFolder(dataDir);
      // A machine that crashes during the tests loses nothing: without fsync they are a third faster.
      const server = new EmbeddedPostgres(dataDir, openSecrets(dataDir), ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'max_connections=200']);
      this.environment.TEST_DATABASE_URL = await server.start(() => this.say('The test database ended by itself')).then(() => server.superuserUrl);
      this.#stops.push(async () => {
        await server.stop();
        rmSync(server.home, { recursive: true, force: true });
      });
    },

    // The bundled one, also where a redis-server is installed: it is what a bare machine runs.
    redis: async () => {
      const dataDir = join(this.folder, 'redis');
      await openDataFolder(dataDir);
      const { process: server, url } = await embeddedRedis({ choice: 'wasm', dataDir, password: 'only-for-tests', environment: process.env, report: this.say, onChange: () => undefined });
      await server.start();
      this.environment.TEST_REDIS_URL = url;
      this.#stops.push(() => server.stop());
    },

    model: async () => {
      const modelDir = modelFolder();
      await fetchModel({ model: 'base', modelDir, environment: process.env, onProgress: () => undefined });
      this.environment.AUSCULT_MODEL_DIR = modelDir;
    },

    browser: async () => {
      this.environment.AUSCULT_CHROMIUM = findChromium(this.say);
    },

    stack: async () => {
      const { environment, stop } = await startProduct({ dataDir: join(this.folder, 'the product'), modelDir: modelFolder(), say: this.say, root });
      Object.assign(this.environment, environment);
      this.#stops.push(stop);
    },
  };
}
