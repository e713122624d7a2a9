import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';

/** A bad line to a server: the first connections break once the server has read so many bytes from them, later ones hold. */
export class BreakingLine {
  cuts = 0;
  private readonly sockets = new Set<Socket>();
  private readonly accepted = new Map<number, Socket>();

  private constructor(
    private readonly target: HttpServer,
    private readonly server: Server,
    private readonly breakAfter: readonly number[],
  ) {
    target.on('connection', (socket: Socket) => this.accepted.set(socket.remotePort ?? 0, socket));
    server.on('connection', (client) => this.carry(client));
  }

  static async to(target: HttpServer, breakAfter: readonly number[]): Promise<BreakingLine> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new BreakingLine(target, server, breakAfter);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Bytes that the server has read from all connections. */
  get taken(): number {
    return [...this.accepted.values()].reduce((sum, socket) => sum + socket.bytesRead, 0);
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private carry(client: Socket): void {
    const upstream = connect((this.target.address() as AddressInfo).port, '127.0.0.1');
    for (const [from, to] of [[client, upstream], [upstream, client]] as const) {
      this.sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
      from.pipe(to);
    }
    client.on('data', () => {
      const taken = this.accepted.get(upstream.localPort ?? 0)?.bytesRead ?? 0;
      if (client.destroyed || taken < (this.breakAfter[this.cuts] ?? Number.POSITIVE_INFINITY)) return;
      this.cuts += 1;
      client.destroy();
    });
  }
}
