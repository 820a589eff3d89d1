import { describe, expect, test } from 'bun:test';
import { ConfigError, type Environment, readApiConfig, readWorkerConfig } from './config.ts';

const jwt = 'x'.repeat(32);
const v4 = `${'a'.repeat(20)}.${'b'.repeat(20)}.${'c'.repeat(20)}`;
const v3 = '0123456789abcdef0123456789abcdef';

function faultOf(read: (env: Environment) => unknown, env: Environment): string {
  try {
    read(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('the settings were taken');
}

describe('settings', () => {
  test('have the defaults of the contract when nothing is set', () => {
    expect(readApiConfig({})).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      database: { kind: 'embedded' },
      redisUrl: undefined,
      imageBaseUrl: 'https://image.tmdb.org/t/p',
      rateLimit: true,
      onDemandWaitMs: 2000,
    });
    expect(readWorkerConfig({})).toMatchObject({
      credential: undefined,
      tmdbBaseUrl: 'https://api.themoviedb.org/3',
      tmdbMaxRps: 30,
      mirrorScope: 'trending',
    });
  });

  test('an empty variable counts as not set', () => {
    expect(readApiConfig({ PORT: '', DATABASE_URL: '' })).toMatchObject({
      port: 3000,
      database: { kind: 'embedded' },
    });
  });

  test('name every bad variable in one message, and never a value', () => {
    const message = faultOf(readApiConfig, {
      PORT: 'eighty-secret',
      DATABASE_URL: 'mysql://user:hunter2@host/db',
      LOG_LEVEL: 'loud-secret',
      JWT_SECRET: 'short-secret',
    });
    for (const name of ['PORT', 'DATABASE_URL', 'LOG_LEVEL', 'JWT_SECRET']) expect(message).toContain(name);
    for (const value of ['secret', 'hunter2']) expect(message).not.toContain(value);
  });

  test.each(['-1', '1.5', '65536', 'abc', '0x10', ' 80'])('refuse the port %p', (PORT) => {
    expect(faultOf(readApiConfig, { PORT })).toContain('PORT');
  });

  test('require a JWT secret as soon as the database, the queue or the mode is not the local default', () => {
    for (const env of [
      { DATABASE_URL: 'postgres://h/d' },
      { REDIS_URL: 'redis://h' },
      { NODE_ENV: 'production' },
    ] as Environment[]) {
      expect(faultOf(readApiConfig, env)).toContain('JWT_SECRET');
      expect(readApiConfig({ ...env, JWT_SECRET: jwt }).jwtSecret).toBe(jwt);
    }
  });

  test('say plainly when a v3 key stands where a v4 token belongs, and the other way round', () => {
    expect(faultOf(readWorkerConfig, { TMDB_ACCESS_TOKEN: v3 })).toContain('TMDB_API_KEY');
    expect(faultOf(readWorkerConfig, { TMDB_API_KEY: v4 })).toContain('TMDB_ACCESS_TOKEN');
    expect(readWorkerConfig({ TMDB_ACCESS_TOKEN: v4 }).credential).toEqual({ kind: 'token', token: v4 });
    expect(readWorkerConfig({ TMDB_API_KEY: v3 }).credential).toEqual({ kind: 'key', key: v3 });
  });

  test.each([
    ['TMDB_ACCESS_TOKEN', 'a.b'],
    ['TMDB_ACCESS_TOKEN', 'eyJhbGciOi'],
    ['TMDB_ACCESS_TOKEN', 'Bearer-eyJhbGciOi'],
    ['TMDB_API_KEY', v3.slice(1)],
    ['TMDB_API_KEY', `${v3.slice(1)}g`],
  ])('refuse a %s of the wrong shape, unless something else stands in for TMDb', (name, value) => {
    const message = faultOf(readWorkerConfig, { [name]: value });
    expect(message).toContain(`${name} does not look like one`);
    expect(message).not.toContain(value);
    expect(
      readWorkerConfig({ [name]: value, TMDB_BASE_URL: 'http://gateway.test/3' }).credential,
    ).toBeDefined();
  });

  test('take an administrator whole or not at all, with an address and a password that could sign in', () => {
    const ADMIN_EMAIL = ' Boss@Example.org ';
    const ADMIN_PASSWORD = 'correct horse';
    expect(readApiConfig({}).admin).toBeUndefined();
    expect(readApiConfig({ ADMIN_EMAIL, ADMIN_PASSWORD }).admin).toEqual({
      email: 'boss@example.org',
      password: 'correct horse',
    });
    for (const half of [{ ADMIN_EMAIL }, { ADMIN_PASSWORD }] as Environment[]) {
      const message = faultOf(readApiConfig, half);
      expect(message).toContain('ADMIN_EMAIL and ADMIN_PASSWORD');
    }
    const message = faultOf(readApiConfig, { ADMIN_EMAIL: 'nobody', ADMIN_PASSWORD: 's3cret', PORT: 'x' });
    for (const name of ['ADMIN_EMAIL', 'ADMIN_PASSWORD', 'PORT']) expect(message).toContain(name);
    for (const value of ['nobody', 's3cret']) expect(message).not.toContain(value);
  });

  test('refuse production without a TMDb credential, and with the rate limit off', () => {
    const env = { NODE_ENV: 'production', JWT_SECRET: jwt };
    expect(faultOf(readWorkerConfig, env)).toContain('TMDB_ACCESS_TOKEN');
    expect(faultOf(readApiConfig, { ...env, RATE_LIMIT: 'off' })).toContain('RATE_LIMIT');
  });

  test('name what is amiss by itself and what is amiss between variables at once', () => {
    const message = faultOf(readApiConfig, { PORT: 'hello', NODE_ENV: 'production', RATE_LIMIT: 'off' });
    for (const name of ['PORT', 'JWT_SECRET', 'RATE_LIMIT']) expect(message).toContain(name);
    // One that is there, but bad, is not said to be missing.
    const short = faultOf(readApiConfig, { JWT_SECRET: 'short', DATABASE_URL: 'postgres://h/d' });
    expect(short.match(/JWT_SECRET/g)).toHaveLength(1);
    const worker = faultOf(readWorkerConfig, { TMDB_MAX_RPS: 'x', NODE_ENV: 'production' });
    for (const name of ['TMDB_MAX_RPS', 'TMDB_ACCESS_TOKEN']) expect(worker).toContain(name);
  });

  test('the api’s have no TMDb credential', () => {
    expect(JSON.stringify(readApiConfig({ TMDB_ACCESS_TOKEN: v4 }))).not.toContain(v4);
  });

  test('take headers for the collector with or without a comma behind the last', () => {
    const headersOf = (OTEL_EXPORTER_OTLP_HEADERS: string) =>
      readApiConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318', OTEL_EXPORTER_OTLP_HEADERS })
        .tracing?.headers;
    for (const text of ['a=1,b=x%20y', 'a=1,b=x%20y,', 'a=1, b=x%20y, '])
      expect(headersOf(text)).toEqual({ a: '1', b: 'x y' });
    for (const text of [',', 'a', 'a=1,,b=2', 'a=1,b'])
      expect(() => headersOf(text)).toThrow('OTEL_EXPORTER_OTLP_HEADERS');
  });

  test('bound what must be bounded', () => {
    for (const [name, value] of [
      ['TMDB_MAX_RPS', '0'],
      ['TMDB_MAX_RPS', '10001'],
      ['MIRROR_POPULAR_PAGES', '501'],
      ['MIRROR_SCOPE', 'everything'],
      ['TRUST_PROXY', 'everyone'],
      ['TRUST_PROXY', '999.1.1.1'],
      ['TRUST_PROXY', '10.0.0.0/33'],
      ['TRUST_PROXY', '10.0.0.0/8/8'],
      ['CORS_ORIGINS', 'example.org'],
      ['TMDB_BASE_URL', 'ftp://x'],
    ] as const)
      expect(faultOf(readApiConfig, { [name]: value })).toContain(name);
  });
});
