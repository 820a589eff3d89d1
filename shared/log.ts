import pino, { type DestinationStream, type Logger } from 'pino';
import { bufferedOutput } from './buffered-output.ts';

export type Log = Logger;

/** Keys whose values never reach a log line, at the top level and one level below. */
const secretKeys = [
  'authorization',
  'password',
  'password_hash',
  'token',
  'accessToken',
  'access_token',
  'refresh_token',
  'apiKey',
  'api_key',
  'jwtSecret',
  'databaseUrl',
  'databaseReadUrl',
  'redisUrl',
  'cookie',
  'smtpUrl',
];

const nowhere: DestinationStream = { write: () => {} };

/** JSON lines on stdout unless told otherwise, secrets redacted. */
export function createLog(options: { level: string; name: string; destination?: DestinationStream }): Log {
  const settings: pino.LoggerOptions = {
    level: options.level,
    base: { name: options.name },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: secretKeys.flatMap((key) => [key, `*.${key}`]), censor: '[redacted]' },
    serializers: { err: serializeError },
  };
  return pino(settings, options.destination ?? (options.level === 'silent' ? nowhere : bufferedOutput(1)));
}

/**
 * Writes lines whose fields are JSON already, as pino would write them: for what is logged so often that serializing
 * would cost more than the work itself. Nothing is redacted.
 * @returns takes the fields, each with a comma before it; `undefined` where the log does not want such lines
 */
export function openLines(log: Log, level: 'info', msg: string): ((fields: string) => void) | undefined {
  if (!log.isLevelEnabled(level)) return undefined;
  const parts = log as unknown as Record<symbol, unknown>;
  const { lsCacheSym, chindingsSym, streamSym } = pino.symbols;
  const opening = (parts[lsCacheSym] as Record<number, string>)[log.levels.values[level] ?? 0];
  const bindings = parts[chindingsSym] as string;
  const stream = parts[streamSym] as DestinationStream;
  const closing = `,"msg":${JSON.stringify(msg)}}\n`;
  let atMs = Number.NaN;
  let start = '';
  return (fields) => {
    const nowMs = Date.now();
    if (nowMs !== atMs) {
      atMs = nowMs;
      start = `${opening},"time":"${new Date(nowMs).toISOString()}"${bindings}`;
    }
    stream.write(`${start}${fields}${closing}`);
  };
}

/** So many errors inside one another, and beside one another, are written. */
const most = 8;

/** pino's own serializer, less the request URLs and bound values that drivers hang on their errors. */
function serializeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error;
  if (depth === most) return error.name;
  const { code } = error as { code?: unknown };
  const inside = (more: unknown) => serializeError(more, depth + 1);
  return {
    type: error.name,
    message: error.message,
    ...(typeof code === 'string' ? { code } : {}),
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: inside(error.cause) }),
    // Of several addresses that do not answer the message is empty, and of a failed close it says nothing of the work.
    ...(error instanceof AggregateError ? { errors: error.errors.slice(0, most).map(inside) } : {}),
    ...(error instanceof SuppressedError
      ? { error: inside(error.error), suppressed: inside(error.suppressed) }
      : {}),
  };
}
