import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { buildAll, buildSpeech, isBuilt } from './build.mjs';
import { clearRun, openDataFolder, openSecrets, readRun, writeRun } from './data-folder.mjs';
import { checkExternalDatabase, checkExternalRedis } from './external.mjs';
import { fetchModel } from './model.mjs';
import { NODE_OPTIONS } from './node-options.mjs';
import { root } from './paths.mjs';
import { claimPort, localAddress, preferPort } from './ports.mjs';
import { endSurvivors } from './processes.mjs';
import { EmbeddedPostgres } from './postgres.mjs';
import { postgresVersion } from './postgres-binaries.mjs';
import { embeddedRedis } from './redis.mjs';
import { runOnce } from './run-once.mjs';
import { answers, SupervisedProcess } from './supervised-process.mjs';

const METRICS_PORTS = { api: 9464, worker: 9465, live: 9466 };
/** The processes of the backend that stay up. */
const SERVERS = ['api', 'worker', 'live'];
/** Decodes run on libuv's threads, of which there are four by default, also on a machine of 16 cores; files are read on some of them as well. */
const LIBUV_THREADS = availableParallelism() + 4;
/**
 * The whole embedded stack in its order: database and Redis, migrations once, then api, worker and live; stopped the other way round, because
 * an api without its Redis ends in an error. `start` may be interrupted by `stop` at any point.
 */
export class Stack {
  #abort = new AbortController();
  #starting = [];
  #processes = {};

  constructor(settings, screen) {
    this.settings = settings;
    this.screen = screen;
    this.report = (line) => screen.line(`! ${line}`);
  }

  async start() {
    const { model } = await this.startServices();
    await this.#together([this.#startProcess('api', this.settings.host), ...['worker', 'live'].map((name) => model.then(() => this.#startProcess(name, '127.0.0.1')))]);
    this.#saveRun();
  }

  /** All that api, worker and live stand on; `model` is the promise of the model, which the api does not need. */
  async startServices() {
    const { dataDir, port, host } = this.settings;
    await openDataFolder(dataDir);
    await this.#endSurvivors();
    this.port = await claimPort(port, host);
    this.secrets = openSecrets(dataDir);
    const modelReady = Promise.withResolvers();
    const [databaseUrl, redisUrl] = await this.#together([this.#database(), this.#redis(), this.#code(modelReady)]);
    this.environment = this.#environmentOf(databaseUrl, redisUrl);
    await runOnce({ what: 'The migration of the database', script: this.#main('migrate'), environment: this.environment, logFile: this.#log('migrate'), abort: this.#abort.signal });
    return { model: modelReady.promise };
  }

  /** Aborted once `stop` was asked for. */
  get stopped() {
    return this.#abort.signal;
  }

  get url() {
    const shown = ['127.0.0.1', '0.0.0.0', '::', '::1'].includes(this.settings.host) ? 'localhost' : this.settings.host;
    return `http://${shown}:${this.port}`;
  }

  /** Where this machine reaches the api, whatever address it listens on. */
  get localUrl() {
    return localAddress(this.settings.host, this.port);
  }

  /** Runs one of the backend's commands (the demo accounts) in the stack's environment. */
  runCommand(what, name) {
    return runOnce({ what, script: this.#main(name), environment: this.environment, logFile: this.#log(name), abort: this.#abort.signal });
  }

  async stop() {
    this.#abort.abort();
    const stopping = (name) => this.#processes[name]?.stop();
    await Promise.all(SERVERS.map(stopping));
    // What is half started must be up before it can be taken down in order.
    await Promise.allSettled(this.#starting);
    await Promise.all(SERVERS.map(stopping));
    await stopping('redis');
    await this.postgres?.stop();
    if (this.secrets) clearRun(this.settings.dataDir);
  }

  #together(tasks) {
    this.#starting.push(...tasks);
    return Promise.all(tasks);
  }

  #log = (name) => join(this.settings.dataDir, 'logs', `${name}.log`);
  #main = (name) => join(root, 'backend', 'dist', `main.${name}.js`);

  async #endSurvivors() {
    const left = readRun(this.settings.dataDir);
    if (!left) return;
    const ended = await endSurvivors(left.processes ?? {});
    this.screen.part('recovery', ended > 0 ? `the last start did not end cleanly; stopped ${ended} of its processes` : 'the last start did not end cleanly');
  }

  async #database() {
    if (this.settings.databaseUrl) {
      await checkExternalDatabase(this.settings.databaseUrl);
      this.screen.part('database', 'your own (DATABASE_URL)');
      return this.settings.databaseUrl;
    }
    this.postgres = new EmbeddedPostgres(this.settings.dataDir, this.secrets);
    const url = await this.postgres.start(() => this.#revivePostgres());
    this.screen.part('database', `PostgreSQL ${postgresVersion().split('-')[0]} on 127.0.0.1:${this.postgres.port}`);
    return url;
  }

  async #revivePostgres() {
    if (this.#abort.signal.aborted) return;
    this.report('The database ended by itself; starting it again (logs/postgres.log)');
    try {
      await this.postgres.start(() => this.#revivePostgres());
      this.report('The database runs again');
    } catch (failure) {
      this.report(`The database does not start: ${failure.message}`);
      setTimeout(() => this.#revivePostgres(), 10_000).unref();
    }
  }

  async #redis() {
    if (this.settings.redisUrl) {
      await checkExternalRedis(this.settings.redisUrl);
      this.screen.part('redis', 'your own (REDIS_URL)');
      return this.settings.redisUrl;
    }
    const { dataDir, redis: choice } = this.settings;
    const { process: server, url, label } = await embeddedRedis({ choice, dataDir, password: this.secrets.redisPassword, environment: process.env, report: this.report, onChange: () => this.#saveRun() });
    this.#processes.redis = server;
    await server.start();
    this.screen.part('redis', `${label} on 127.0.0.1:${new URL(url).port}`);
    return url;
  }

  /** Builds what changed. The model comes while the rest is built; worker and live wait for it, the api does not. */
  async #code(modelReady) {
    // Nobody may be listening yet when it fails.
    modelReady.promise.catch(() => undefined);
    const how = { logFile: this.#log('build'), environment: process.env, abort: this.#abort.signal };
    const built = isBuilt();
    const startedAt = Date.now();
    if (!built) {
      this.screen.part('build', 'building (about half a minute the first time)');
      await buildSpeech(how);
    }
    this.#model().then(modelReady.resolve, modelReady.reject);
    if (!built) {
      await buildAll(how);
      this.screen.part('build', `built in ${Math.round((Date.now() - startedAt) / 1000)} s`);
    }
  }

  async #model() {
    const { model, liveModel, fakeRecognizer } = this.settings;
    if (fakeRecognizer) return;
    for (const wanted of new Set([model, liveModel])) await this.#fetchModel(wanted);
  }

  async #fetchModel(model) {
    const { dataDir, modelDir } = this.settings;
    const megabytes = (bytes) => (bytes / 1e6).toFixed(0);
    await fetchModel({
      model,
      modelDir: modelDir ?? join(dataDir, 'models'),
      environment: process.env,
      abort: this.#abort.signal,
      onProgress: (done, total) => this.screen.progress('model', done / total, `Moonshine ${model}: ${megabytes(done)} of ${megabytes(total)} MB`),
    });
    this.screen.part('model', `Moonshine ${model}, checksums right`);
  }

  #environmentOf(databaseUrl, redisUrl) {
    const { dataDir, fakeRecognizer, model, liveModel, modelDir } = this.settings;
    return {
      ...process.env,
      UV_THREADPOOL_SIZE: process.env.UV_THREADPOOL_SIZE || String(LIBUV_THREADS),
      NODE_ENV: fakeRecognizer ? 'test' : 'production',
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      AUSCULT_DATA_DIR: dataDir,
      AUSCULT_MASTER_KEY: process.env.AUSCULT_MASTER_KEY || this.secrets.masterKey,
      AUSCULT_TOKEN_SECRET: process.env.AUSCULT_TOKEN_SECRET || this.secrets.tokenSecret,
      AUSCULT_MODEL: model,
      AUSCULT_LIVE_MODEL: liveModel,
      AUSCULT_MODEL_DIR: modelDir ?? join(dataDir, 'models'),
    };
  }

  async #startProcess(name, host) {
    const { metricsHost } = this.settings;
    const metricsPort = await preferPort(METRICS_PORTS[name], metricsHost);
    this.#abort.signal.throwIfAborted();
    this.metricsPorts = { ...this.metricsPorts, [name]: metricsPort };
    const ready = name === 'api' ? `${this.localUrl}/health/ready` : `${localAddress(metricsHost, metricsPort)}/health/ready`;
    const started = new SupervisedProcess({
      name: name === 'live' ? 'live worker' : name,
      command: process.execPath,
      args: [...NODE_OPTIONS[name], '--import', join(root, 'ops/launcher/leave-with-parent.mjs'), this.#main(name)],
      env: { ...this.environment, HOST: host, PORT: String(this.port), METRICS_HOST: metricsHost, METRICS_PORT: String(metricsPort) },
      cwd: root,
      isReady: () => answers(ready),
      logFile: this.#log(name),
      report: this.report,
      onChange: () => this.#saveRun(),
    });
    this.#processes[name] = started;
    await started.start();
  }

  #saveRun() {
    if (this.#abort.signal.aborted) return;
    const processes = Object.fromEntries(Object.entries(this.#processes).filter(([, part]) => part.child).map(([name, part]) => [name, part.identity]));
    writeRun(this.settings.dataDir, { pid: process.pid, url: this.url, metrics: this.metricsPorts, processes });
  }
}
