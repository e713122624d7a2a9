import { once } from 'node:events';
import { type Server, type Socket, connect, createServer } from 'node:net';

/** `up` is towards the api. */
export type Direction = 'up' | 'down';

/**
 * A TCP proxy that can let bytes vanish: no end and no reset reaches anybody, as when a cable is pulled or a firewall drops what it does not
 * know any more.
 */
export class SilentProxy {
  /** Bytes that vanished. */
  readonly swallowed: Record<Direction, number> = { up: 0, down: 0 };
  private readonly server: Server;
  private readonly lines = new Set<Socket>();
  private readonly lost = new WeakSet<Socket>();
  private cutDirections: readonly Direction[] = [];

  private constructor(
    private readonly target: URL,
    private port = 0,
  ) {
    // An end is passed on like any other packet, or not at all.
    this.server = createServer({ allowHalfOpen: true }, (line) => this.join(line));
  }

  /** @param url of the api */
  static async to(url: string): Promise<SilentProxy> {
    const proxy = new SilentProxy(new URL(url));
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    const address = proxy.server.address();
    if (address === null || typeof address === 'string') throw new Error('The proxy has no port');
    proxy.port = address.port;
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** From now on whatever goes in these directions vanishes, on new connections too. */
  cut(directions: readonly Direction[]): void {
    this.cutDirections = directions;
  }

  /** Connections from before are dead, as after a router's restart; new ones get through. */
  mend(): void {
    this.cutDirections = [];
    this.dropAll();
  }

  /** The connections of this moment are dead without a word, as after the other machine lost power and came back; new ones get through. */
  lose(): void {
    for (const line of this.lines) this.lost.add(line);
  }

  close(): void {
    this.server.close();
    this.dropAll();
  }

  private dropAll(): void {
    for (const line of this.lines) line.destroy();
    this.lines.clear();
  }

  private join(line: Socket): void {
    const far = connect({ port: Number(this.target.port), host: this.target.hostname, allowHalfOpen: true });
    this.carry(line, far, 'up');
    this.carry(far, line, 'down');
  }

  private carry(from: Socket, to: Socket, direction: Direction): void {
    this.lines.add(from);
    const isCut = () => this.lost.has(from) || this.cutDirections.includes(direction);
    from.on('data', (bytes: Buffer) => {
      if (isCut()) this.swallowed[direction] += bytes.length;
      else if (to.writable) to.write(bytes);
    });
    from.on('end', () => {
      if (!isCut()) to.end();
    });
    from.on('close', () => {
      this.lines.delete(from);
      if (!isCut()) to.destroy();
    });
    from.on('error', () => undefined);
  }
}
