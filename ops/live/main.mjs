// `npm run live -- file.wav`: streams sound from a terminal and prints the words as they come.
import { existsSync } from 'node:fs';
import { UsageError, readOptions, usage } from './options.mjs';
import { askPassword } from './password.mjs';
import { openSound } from './sound.mjs';
import { SoundError } from './wav.mjs';

const say = (text) => process.stderr.write(`${text}\n`);

async function main() {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options.help) return void process.stdout.write(`${usage}\n`);
  const sound = await openSound(options.file, options.channels);
  if (!existsSync(new URL('../../libs/client/dist/index.js', import.meta.url))) throw new SoundError('Build the product first: npm run build.');
  const [{ signIn }, { StreamedSession }] = await Promise.all([import('./account.mjs'), import('./stream.mjs')]);
  const password = process.env.AUSCULT_PASSWORD ?? (await askPassword(options.email));
  if (!password) throw new UsageError('There is no password: set AUSCULT_PASSWORD, or run this in a terminal.');
  const user = await signIn(options.url, options.email, password);
  const session = new StreamedSession({ user, baseUrl: options.url, channelCount: sound.channelCount, title: options.title, out: process.stdout, say });
  let interrupted = false;
  process.on('SIGINT', () => {
    if (interrupted) process.exit(130);
    interrupted = true;
    say('Finishing; Ctrl-C again leaves at once.');
    session.end();
    // A microphone that says nothing would be waited for.
    if (options.file === '-') process.stdin.destroy();
  });
  await session.run(sound.pieces, options.fast);
}

main().then(
  // Whatever still holds a file or a socket open has nothing more to do.
  () => process.exit(0),
  (error) => {
    say(error.message ?? String(error));
    process.exit(error instanceof UsageError ? 2 : 1);
  },
);
