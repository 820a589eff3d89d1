import pino, { type DestinationStream, type Logger } from 'pino';

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
  'redisUrl',
  'cookie',
];

/** JSON lines on stdout, secrets redacted. `destination` is for tests and for the terminal progress of `start`. */
export function createLog(options: { level: string; name: string; destination?: DestinationStream }): Log {
  const settings: pino.LoggerOptions = {
    level: options.level,
    base: { name: options.name },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: secretKeys.flatMap((key) => [key, `*.${key}`]), censor: '[redacted]' },
    serializers: { err: serializeError },
  };
  return options.destination ? pino(settings, options.destination) : pino(settings);
}

/** pino's own serializer, less the request URLs and bound values that drivers hang on their errors. */
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message: error.message,
    ...(typeof code === 'string' ? { code } : {}),
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: serializeError(error.cause) }),
  };
}
