import { parseArgs } from 'node:util';

export const usage = `npm run live -- [options] <file>

Streams a recording to Auscult as if it were spoken now, and prints the words as they come. With - instead of a file it takes
raw 16 kHz 16-bit little-endian samples from standard input, so a microphone works too:

  arecord -q -f S16_LE -r 16000 -c 1 -t raw | npm run -s live -- --email you@example.org -
  parec --format=s16le --rate=16000 --channels=1 | npm run -s live -- --email you@example.org -

  --url <address>    the server; default http://localhost:3000
  --email <address>  who you are; also AUSCULT_EMAIL. The password comes from AUSCULT_PASSWORD, or is asked for
  --title <text>     name of the session
  --channels <1|2>   default: those of the file, 1 for standard input
  --fast             as fast as the server takes it instead of in real time
  --help

Ctrl-C ends the session properly; a second one leaves at once. Words go to standard output, everything else to standard error.
Exit codes: 0 finished, 1 it did not work or not all of the sound is in the recording, 2 wrong use, 130 left early.`;

/** Wrong use of the command; its message is for the person. */
export class UsageError extends Error {
  name = 'UsageError';
}

const known = {
  url: { type: 'string' },
  email: { type: 'string' },
  title: { type: 'string' },
  channels: { type: 'string' },
  fast: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
};

/** @returns {{ help: true } | { help: false, url: string, email: string, title?: string, channels?: 1 | 2, fast: boolean, file: string }} */
export function readOptions(args, environment) {
  const { values, positionals } = parsed(args);
  if (values.help) return { help: true };
  if (positionals.length !== 1) throw new UsageError('Name one file, or - for standard input. --help says more.');
  if (values.channels !== undefined && !['1', '2'].includes(values.channels)) throw new UsageError('--channels is 1 or 2.');
  const email = values.email ?? environment.AUSCULT_EMAIL;
  if (!email) throw new UsageError('Say who you are: --email <address>.');
  const url = values.url ?? 'http://localhost:3000';
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) throw new UsageError('--url is an address such as https://auscult.example.');
  return {
    help: false, url: url.replace(/\/+$/, ''), email, title: values.title, fast: values.fast, file: positionals[0],
    channels: values.channels === undefined ? undefined : Number(values.channels),
  };
}

function parsed(args) {
  try {
    return parseArgs({ args, options: known, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error.message.split('. ')[0] + '.');
  }
}
