import { isatty } from 'node:tty';
import pino, { type DestinationStream } from 'pino';

/** So much goes into a pipe whole, also where several processes write to it (PIPE_BUF of Linux). */
const bufferedBytes = 4096;
const flushEveryMs = 1000;

/**
 * Log lines on their way out: many in one write, at the latest after a second, and at the end of the process, also a
 * bad one. Written by this thread, so that none is still on its way when the process exits; somebody who watches a
 * terminal sees each at once.
 */
export function bufferedOutput(dest: number | string): DestinationStream {
  const minLength = typeof dest === 'number' && isatty(dest) ? 0 : bufferedBytes;
  const stream = pino.destination({ dest, sync: true, minLength: 0, append: true });
  // Gathered here: the stream measures all that it holds again with every line.
  let gathered = '';
  const pass = () => {
    const text = gathered;
    gathered = '';
    if (text === '') return;
    if (Buffer.byteLength(text) <= bufferedBytes) stream.write(text);
    else for (const [line] of text.matchAll(/[^\n]*\n/g)) stream.write(line);
  };
  const flush = () => {
    try {
      pass();
      stream.flushSync();
    } catch {
      // Nobody reads any more: that is no reason to end otherwise than intended.
    }
  };
  setInterval(flush, flushEveryMs).unref();
  process.on('exit', flush);
  return {
    write(line) {
      if (gathered.length + line.length > bufferedBytes) pass();
      gathered += line;
      if (gathered.length >= minLength) pass();
    },
  };
}
