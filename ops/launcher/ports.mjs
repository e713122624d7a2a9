import { createServer } from 'node:net';
import { Refusal } from './refusal.mjs';

function tryListen(port, host) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      const chosen = server.address().port;
      server.close(() => resolve(chosen));
    });
  });
}

/** A free port on the loopback, for a process that nobody has to find by hand. */
export const freePort = () => tryListen(0, '127.0.0.1');

/** `preferred` if it is free (operators like a fixed address for metrics), else any. */
export async function preferPort(preferred, host) {
  try {
    return await tryListen(preferred, host);
  } catch {
    return claimPort(0, host, 'METRICS_HOST');
  }
}

/** The portal's port; 0 means any free one. `setting` is what named the host. */
export async function claimPort(port, host, setting = 'HOST') {
  const lines = {
    EADDRINUSE: `Port ${port} is in use by another program. Choose another one: PORT=${port + 1} npm start`,
    EACCES: `Port ${port} needs special rights. Choose one above 1023: PORT=3000 npm start`,
    EADDRNOTAVAIL: `This machine has no address ${host}. Set ${setting} to 127.0.0.1, 0.0.0.0 or one of its own addresses.`,
    ENOTFOUND: `${setting}=${host} is not an address of this machine. Set it to 127.0.0.1 or 0.0.0.0.`,
    EAI_AGAIN: `${setting}=${host} cannot be resolved. Set it to 127.0.0.1 or 0.0.0.0.`,
  };
  try {
    return await tryListen(port, host);
  } catch (failure) {
    throw lines[failure.code] ? new Refusal(lines[failure.code]) : failure;
  }
}

/** Where this machine reaches a server, whatever address it listens on. */
export function localAddress(host, port) {
  const reached = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host] ?? host;
  return `http://${reached.includes(':') && !reached.startsWith('[') ? `[${reached}]` : reached}:${port}`;
}
