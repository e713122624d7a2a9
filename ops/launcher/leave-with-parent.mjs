/**
 * Preloaded (--import) into every Node process that the launcher starts: when the launcher dies, in whatever way, the channel to it
 * closes and the process shuts down as on SIGTERM. Without this a killed launcher leaves an api on the port and a worker on the queue.
 */
const GRACE_MS = 10_000;

if (process.channel) {
  process.channel.unref();
  process.on('disconnect', () => {
    setTimeout(() => process.exit(1), GRACE_MS).unref();
    process.kill(process.pid, 'SIGTERM');
  });
}
