import { type IncomingMessage, request } from 'node:http';

/** Whoever has a link to sound, as a browser's player reads it. */
export const bodyOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());

/** Hangs up at the first bytes, as a player does that jumps elsewhere; `times` one after the other. */
export async function leaveEarly(url: string, times: number): Promise<void> {
  for (let round = 0; round < times; round++) await leaveOnce(url);
}

function leaveOnce(url: string): Promise<void> {
  return new Promise((resolve) => {
    const asked = request(url, (response: IncomingMessage) => {
      response.once('data', () => {
        asked.destroy();
        resolve();
      });
    });
    // Our own hanging up.
    asked.on('error', () => undefined);
    asked.end();
  });
}
