import { openSync } from 'node:fs';
import { ReadStream } from 'node:tty';

/** Asks on the terminal, also when standard input is sound; what is typed is not shown. Null where there is no terminal. */
export async function askPassword(email) {
  let terminal;
  try {
    terminal = new ReadStream(openSync('/dev/tty', 'r'));
  } catch {
    return null;
  }
  process.stderr.write(`Password of ${email}: `);
  terminal.setRawMode(true);
  try {
    return await typedLine(terminal);
  } finally {
    terminal.setRawMode(false);
    terminal.destroy();
    process.stderr.write('\n');
  }
}

/** What is typed until Enter, as a terminal would have edited it; null after Ctrl-C. */
export async function typedLine(input) {
  let line = '';
  for await (const chunk of input) {
    for (const key of chunk.toString()) {
      if (key === '\r' || key === '\n') return line;
      if (key === '\u0003') return null;
      line = key === '\u007f' || key === '\b' ? line.slice(0, -1) : line + key;
    }
  }
  return line;
}
