import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.js';

/** What the tests use of ops/launcher/postgres.mjs, which starts the product's own database too. */
interface Server {
  readonly pid: number;
  readonly home: string;
  readonly superuserUrl: string;
  start(onLost: () => void): Promise<string>;
  stop(): Promise<void>;
}

interface PostgresLauncher {
  EmbeddedPostgres: new (dataDir: string, secrets: object) => Server;
}

interface DataFolder {
  openDataFolder(dataDir: string): Promise<void>;
  openSecrets(dataDir: string): object;
}

const launcher = (file: string): Promise<unknown> => import(fileURLToPath(new URL(`../../ops/launcher/${file}`, import.meta.url)));

/** A PostgreSQL server of a test's own, to be ended and started again on the same data and the same port. */
export class OwnPostgres {
  private constructor(
    private readonly server: Server,
    private readonly dataDir: string,
  ) {}

  static async start(): Promise<OwnPostgres> {
    const { EmbeddedPostgres } = (await launcher('postgres.mjs')) as PostgresLauncher;
    const { openDataFolder, openSecrets } = (await launcher('data-folder.mjs')) as DataFolder;
    const dataDir = await mkdtemp(join(tmpdir(), 'auscult-own-database-'));
    await openDataFolder(dataDir);
    const postgres = new OwnPostgres(new EmbeddedPostgres(dataDir, openSecrets(dataDir)), dataDir);
    await postgres.startAgain();
    return postgres;
  }

  /** The superuser's. */
  get url(): string {
    return this.server.superuserUrl;
  }

  /**
   * SIGQUIT is the server's immediate mode: every connection breaks and nothing is written any more. SIGKILL lets it end as a crash does.
   * After either it must recover from its log.
   */
  async end(signal: 'SIGQUIT' | 'SIGKILL'): Promise<void> {
    const { pid } = this.server;
    process.kill(pid, signal);
    await eventually(() => !existsSync(`/proc/${pid}`));
  }

  /** Does nothing to one that runs. */
  async startAgain(): Promise<void> {
    await this.server.start(() => undefined);
  }

  async remove(): Promise<void> {
    await this.server.stop();
    await rm(this.server.home, { recursive: true, force: true });
    await rm(this.dataDir, { recursive: true, force: true });
  }
}
