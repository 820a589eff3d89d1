import { openSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { DestinationStream } from 'pino';

/** So much goes into a pipe whole, also where several processes write to it (PIPE_BUF of Linux). */
const bufferedBytes = 4096;
const flushEveryMs = 1000;
/** What cannot be written (a full disk, a reader that stands still) waits up to here. What comes then is lost. */
const mostWaitingLength = 1024 * 1024;
/** A reader that is only slow has room again so soon. */
const slowMs = 10;
/** So often a slow reader is waited for at the end of the process. */
const lastTries = 50;

export interface BufferedOutput extends DestinationStream {
  /** Called by pino after a line of level `fatal`. Never throws. */
  flushSync(): void;
}

/**
 * Log lines on their way out: many in one write, at the latest after a second, and at the end of the process, also a
 * bad one. Written by this thread, so that none is still on its way when the process exits; somebody who watches a
 * terminal sees each at once. What the disk or the reader does not take fails nobody who logs: it is tried again.
 */
export function bufferedOutput(dest: number | string): BufferedOutput {
  const fd = typeof dest === 'number' ? dest : openSync(dest, 'a');
  const atOnceLength = isatty(fd) ? 0 : bufferedBytes;
  let gathered = '';
  /** What is left of a write that was cut short. */
  let rest = Buffer.alloc(0);
  let refusal: string | undefined;
  let lost = 0;
  const flush = () => {
    if (gathered === '' && rest.length === 0) return;
    const bytes = Buffer.concat([rest, Buffer.from(gathered)]);
    let at = 0;
    try {
      while (at < bytes.length) at += writeSync(fd, bytes, at, pieceEnd(bytes, at) - at);
      if (lost > 0) writeSync(fd, lossLine(lost, refusal));
      lost = 0;
      refusal = undefined;
    } catch (error) {
      refusal = String((error as { code?: unknown }).code);
    }
    rest = bytes.subarray(at);
    gathered = '';
    if (refusal === 'EAGAIN') setTimeout(flush, slowMs).unref();
  };
  setInterval(flush, flushEveryMs).unref();
  process.on('exit', () => {
    flush();
    for (let tries = 0; refusal === 'EAGAIN' && tries < lastTries; tries++) {
      Bun.sleepSync(slowMs);
      flush();
    }
  });
  return {
    flushSync: flush,
    write(line) {
      if (rest.length + gathered.length > mostWaitingLength) {
        lost++;
        return;
      }
      if (refusal === undefined && gathered.length + line.length > bufferedBytes) flush();
      gathered += line;
      // What was refused a moment ago is not tried again with every line.
      if (refusal === undefined && gathered.length >= atOnceLength) flush();
    },
  };
}

/** Whole lines, as many as go into a pipe at once; at least one. */
function pieceEnd(bytes: Buffer, start: number): number {
  if (bytes.length - start <= bufferedBytes) return bytes.length;
  const last = bytes.lastIndexOf(newLine, start + bufferedBytes - 1);
  if (last >= start) return last + 1;
  const next = bytes.indexOf(newLine, start + bufferedBytes);
  return next === -1 ? bytes.length : next + 1;
}

const newLine = 0x0a;

function lossLine(lines: number, code: string | undefined): string {
  const msg = `${lines} log line(s) were lost, because they could not be written`;
  return `${JSON.stringify({ level: 'warn', time: new Date().toISOString(), code, lines, msg })}\n`;
}
