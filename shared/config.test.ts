import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ConfigError,
  type Environment,
  readApiConfig,
  readCommonConfig,
  readMigrateConfig,
  readWorkerConfig,
  secretSettings,
} from './config.ts';

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
      imageCacheMb: 0,
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

  test('say in which languages and for which countries content is kept, for api and worker alike', () => {
    const locales = { languages: 'all', defaultLanguage: 'en-US', regions: ['US'], defaultRegion: 'US' };
    expect(readApiConfig({}).locales).toEqual(locales as never);
    expect(readWorkerConfig({}).locales).toEqual(locales as never);
    const env = {
      LANGUAGES: 'de-de, fr,ja-JP',
      DEFAULT_LANGUAGE: 'es',
      REGIONS: 'de,AT',
      DEFAULT_REGION: 'ch',
    };
    expect(readWorkerConfig(env).locales).toEqual({
      languages: ['de-DE', 'fr', 'ja-JP', 'es-ES'],
      defaultLanguage: 'es-ES',
      regions: ['DE', 'AT', 'CH'],
      defaultRegion: 'CH',
    });
    expect(readWorkerConfig({ LANGUAGES: 'ALL' }).locales.languages).toBe('all');
    expect(readWorkerConfig({ LANGUAGES: 'en' }).locales.languages).toEqual(['en']);
  });

  test('open the TMDb-compatible routes only where nobody else comes', () => {
    const facadeOf = (env: Record<string, string>) =>
      readApiConfig({ JWT_SECRET: 'x'.repeat(32), ...env }).facade;
    for (const HOST of ['127.0.0.1', 'localhost', '::1']) expect(facadeOf({ HOST })).toBe('open');
    expect(facadeOf({})).toBe('open');
    for (const env of [{ HOST: '0.0.0.0' }, { TRUST_PROXY: '10.0.0.0/8' }, { NODE_ENV: 'production' }])
      expect(facadeOf(env as never)).toBe('keys');
    expect(facadeOf({ HOST: '0.0.0.0', TMDB_FACADE: 'off' })).toBe('off');
    expect(faultOf(readApiConfig, { TMDB_FACADE: 'on' })).toContain('TMDB_FACADE');
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

  test('take a mail server only with a sender and an address for links', () => {
    const mail = {
      SMTP_URL: 'smtps://u:hunter2@mail.test',
      MAIL_FROM: 'Nexus <a@b.test>',
      PUBLIC_URL: 'https://n.test/',
    };
    expect(readApiConfig(mail)).toMatchObject({
      publicUrl: 'https://n.test',
      mail: { smtpUrl: mail.SMTP_URL, from: mail.MAIL_FROM },
    });
    expect(readApiConfig({ PUBLIC_URL: mail.PUBLIC_URL }).mail).toBeUndefined();
    for (const missing of ['MAIL_FROM', 'PUBLIC_URL'])
      expect(faultOf(readApiConfig, { ...mail, [missing]: undefined })).toContain('SMTP_URL needs');
    for (const wrong of [
      { SMTP_URL: 'http://hunter2' },
      { MAIL_FROM: 'hunter2' },
      { MAIL_FROM: 'a <a@b.test>\r\nBcc: hunter2@b.test' },
      { PUBLIC_URL: 'nexus.test' },
      { CONSOLE_IDLE_MINUTES: '0' },
    ] as Environment[]) {
      const message = faultOf(readApiConfig, { ...mail, ...wrong });
      expect(message).toContain(Object.keys(wrong)[0] ?? '');
      expect(message).not.toContain('hunter2');
    }
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
      ['LANGUAGES', 'de,qq'],
      ['LANGUAGES', ','],
      ['LANGUAGES', 'all,de'],
      ['DEFAULT_LANGUAGE', 'german'],
      ['REGIONS', 'US,ZZ'],
      ['DEFAULT_REGION', 'Germany'],
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

describe('a bad setting', () => {
  const faultsOf = (env: Environment) => {
    const all = [readApiConfig, readWorkerConfig].flatMap((read) => {
      try {
        read({ JWT_SECRET: jwt, ...env });
        return [];
      } catch (error) {
        return String((error as Error).message)
          .split('\n')
          .slice(1)
          .map((line) => line.replace('  - ', ''));
      }
    });
    return [...new Set(all)];
  };

  test.each<[Environment, RegExp]>([
    [{ TMDB_ACCESS_TOKEN: v3 }, /^TMDB_ACCESS_TOKEN holds a v3 API key/],
    [{ TMDB_API_KEY: v4 }, /^TMDB_API_KEY holds a v4 read access token/],
    [
      { TMDB_ACCESS_TOKEN: `Bearer ${v4}` },
      /^TMDB_ACCESS_TOKEN must not contain white space, nor the word Bearer$/,
    ],
    [{ TMDB_API_KEY_FILE: '/no/such/file' }, /^TMDB_API_KEY_FILE names a file that does not exist/],
    [{ SMTP_URL: 'mail.example.org:25' }, /^SMTP_URL must be a URL that starts with smtp:\/\/ or smtps/],
  ])('is complained of once: %j', (env, fault) => {
    expect(faultsOf(env)).toEqual([expect.stringMatching(fault)]);
  });

  test.each<[string, string, string]>([
    ['PORT', ' 3000', 'there is white space around it: remove it'],
    ['PORT', '3000\n', 'there is white space around it: remove it'],
    ['PORT', '"3000"', 'it stands in quotation marks: remove them'],
    ['HOST', "'127.0.0.1'", 'it stands in quotation marks: remove them'],
    ['NODE_ENV', '"production"', 'it stands in quotation marks: remove them'],
    ['TMDB_API_KEY', `${v3} `, 'there is white space around it: remove it'],
    ['DATABASE_URL', '\ufeffpostgresql://h/d', 'it begins with a byte order mark'],
    ['RATE_LIMIT', '  ', 'holds nothing but white space'],
    ['JWT_SECRET', ' '.repeat(40), 'holds nothing but white space'],
  ])('%s is told what nobody sees in %j', (name, value, hint) => {
    const [fault, ...more] = faultsOf({ [name]: value });
    expect(fault).toStartWith(`${name} `);
    expect(fault).toContain(hint);
    expect(more).toEqual([]);
  });

  test.each<[string, string, string]>([
    ['NODE_ENV', 'prod', 'only the word production'],
    ['NODE_ENV', 'Production', 'only the word production'],
    ['HOST', 'http://localhost', 'without a port'],
    ['HOST', 'localhost:3000', 'without a port'],
    ['NEXUS_DATA_DIR', '~/data', 'must be a whole path'],
    ['REDIS_URL', 'redis://', 'names a host'],
    ['REDIS_URL', 'redis:x', 'names a host'],
    ['REDIS_URL', 'redis://:a#b@h:6379', '%23 for #'],
    ['REDIS_URL', 'redis://:a%@h:6379', '%25 for %'],
    ['REDIS_URL', 'redis://h:6379/nexus', 'the number of a database'],
    ['DATABASE_URL', 'postgresql://u:a/b@h/d', '%2F for /'],
    ['DATABASE_URL', 'postgresql://u:a%b@h/d', '%25 for %'],
    ['PUBLIC_URL', 'https://', 'names a host'],
    ['PUBLIC_URL', 'https://nexus.test/?q=1', 'no ?'],
    ['TMDB_BASE_URL', 'https://api.themoviedb.org', 'end with /3'],
    ['TMDB_BASE_URL', 'http://api.themoviedb.org/3', 'start with https://'],
    ['TMDB_BASE_URL', 'https://api.themoviedb.org/3?api_key=x', 'no ?'],
    ['CORS_ORIGINS', '*', 'no *'],
    ['TRUST_PROXY', '10.0.0.1,0.0.0.0/0', 'must not name everybody'],
    ['TRUST_PROXY', '::/0', 'must not name everybody'],
    ['REGIONS', 'UK', 'the United Kingdom is GB'],
  ])('%s=%s is refused with what to do', (name, value, hint) => {
    const [fault, ...more] = faultsOf({ [name]: value });
    expect(fault).toStartWith(`${name} `);
    expect(fault).toContain(hint);
    expect(more).toEqual([]);
  });

  test('is also one that contradicts another: a secret that is retired is not accepted', () => {
    const old = 'y'.repeat(32);
    for (const JWT_SECRET_PREVIOUS of [undefined, old])
      expect(faultsOf({ JWT_SECRET_PREVIOUS, JWT_SECRET_RETIRED: JWT_SECRET_PREVIOUS ?? jwt })).toEqual([
        `JWT_SECRET_RETIRED is the same as ${JWT_SECRET_PREVIOUS ? 'JWT_SECRET_PREVIOUS' : 'JWT_SECRET'}, which is still accepted: retire another one`,
      ]);
    expect(faultsOf({ JWT_SECRET_RETIRED: old })).toEqual([]);
  });

  test('is none where only a comma stands at the end, or the name of the mode is another one', () => {
    for (const env of [
      { CORS_ORIGINS: 'http://a.test,' },
      { TRUST_PROXY: '10.0.0.1, ' },
      { NODE_ENV: 'staging' },
      { HOST: '[::1]' },
      { HOST: 'fe80::1%eth0' },
      { TMDB_BASE_URL: 'https://api.themoviedb.org/3/' },
    ] as Environment[])
      expect(faultsOf(env)).toEqual([]);
  });
});

test('a Redis behind sentinels is taken whole, and never beside a URL', () => {
  const REDIS_SENTINELS = 's1, s2:26380,[::1]:26381';
  const REDIS_SENTINEL_NAME = 'main';
  const given = { REDIS_SENTINELS, REDIS_SENTINEL_NAME, REDIS_PASSWORD: 'secret' };
  expect(readCommonConfig(given).redisSentinels).toEqual({
    sentinels: [
      { host: 's1', port: 26_379 },
      { host: 's2', port: 26_380 },
      { host: '::1', port: 26_381 },
    ],
    name: 'main',
    sentinelPassword: undefined,
    username: undefined,
    password: 'secret',
  });
  expect(faultOf(readCommonConfig, { ...given, REDIS_URL: 'redis://h' })).toContain(
    'REDIS_URL and REDIS_SENTINELS are both set',
  );
  expect(faultOf(readCommonConfig, { REDIS_SENTINELS })).toContain('belong together');
  expect(faultOf(readCommonConfig, { REDIS_SENTINEL_NAME })).toContain('belong together');
  expect(faultOf(readCommonConfig, { REDIS_PASSWORD: 'x' })).toContain(
    'REDIS_PASSWORD needs REDIS_SENTINELS',
  );
  for (const bad of [' , ', 'a:0x1', 'redis://a:1', 'a:99999'])
    expect(faultOf(readCommonConfig, { REDIS_SENTINELS: bad, REDIS_SENTINEL_NAME })).toContain(
      'must be the sentinels',
    );
});

describe('secrets in files', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nexus-secrets-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const fileWith = async (text: string) => {
    const path = join(folder, crypto.randomUUID());
    await writeFile(path, text);
    return path;
  };

  /** One that each setting takes. */
  const good: Record<(typeof secretSettings)[number], string> = {
    DATABASE_URL: 'postgresql://h/d',
    DATABASE_READ_URL: 'postgresql://h2/d',
    DATABASE_APP_PASSWORD: 'of the role',
    REDIS_URL: 'redis://:p@h',
    REDIS_SENTINEL_PASSWORD: 'of the sentinels',
    REDIS_PASSWORD: 'of the redis',
    JWT_SECRET: jwt,
    JWT_SECRET_PREVIOUS: 'y'.repeat(32),
    JWT_SECRET_RETIRED: 'z'.repeat(32),
    ADMIN_PASSWORD: 'correct horse',
    TMDB_ACCESS_TOKEN: v4,
    TMDB_API_KEY: v3,
    OTEL_EXPORTER_OTLP_HEADERS: 'key=1',
    SMTP_URL: 'smtps://u:p@mail.test',
  };
  const sentinels = { REDIS_SENTINELS: 's1', REDIS_SENTINEL_NAME: 'main' };
  const around: Environment = {
    DATABASE_URL: 'postgresql://around/d',
    JWT_SECRET: jwt,
    ADMIN_EMAIL: 'boss@example.org',
    ADMIN_PASSWORD: 'another horse',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://h',
    MAIL_FROM: 'nexus@example.org',
    PUBLIC_URL: 'https://nexus.example.org',
  };
  const readers = [readApiConfig, readWorkerConfig, readMigrateConfig];
  const readBy = (env: Environment) =>
    readers.map((read) => {
      try {
        return read(env);
      } catch (error) {
        return String(error);
      }
    });

  test.each([...secretSettings])('%s is read from the file that its _FILE names', async (name) => {
    const { [name]: _, ...rest } = around;
    const others = { ...rest, ...(/^REDIS_.*PASSWORD/.test(name) ? sentinels : {}) };
    const path = await fileWith(`${good[name]}\n`);
    const fromFile = readBy({ ...others, [`${name}_FILE`]: path });
    expect(fromFile).toEqual(readBy({ ...others, [name]: good[name] }));
    expect(fromFile).not.toEqual(readBy(others));
  });

  test('are all settings that look like one', async () => {
    const source = await readFile(new URL('config.ts', import.meta.url), 'utf8');
    const names = [...source.matchAll(/^ {2}([A-Z][A-Z0-9_]+):/gm)].map(([, name = '']) => name);
    const looks = /SECRET|PASSWORD|TOKEN|API_KEY|HEADERS|^(DATABASE|DATABASE_READ|REDIS|SMTP)_URL$/;
    expect(names.filter((name) => looks.test(name)).toSorted()).toEqual([...secretSettings].toSorted());
  });

  test('lose one line end, and nothing else', async () => {
    for (const [text, secret] of [
      [`${jwt}\r\n`, jwt],
      [` ${jwt} \n\n`, ` ${jwt} \n`],
    ] as const)
      expect(readApiConfig({ JWT_SECRET_FILE: await fileWith(text) }).jwtSecret).toBe(secret);
  });

  test('are judged as the setting is, and their value is never named', async () => {
    const message = faultOf(readApiConfig, { JWT_SECRET_FILE: await fileWith('short-secret') });
    expect(message).toBe(
      'These settings need your attention:\n  - JWT_SECRET must have at least 32 characters',
    );
  });

  test('are refused when given twice, when empty, and when the file cannot be read', async () => {
    const path = await fileWith(jwt);
    expect(faultOf(readApiConfig, { JWT_SECRET: jwt, JWT_SECRET_FILE: path })).toEndWith(
      '  - JWT_SECRET and JWT_SECRET_FILE are both set: give one',
    );
    const env = { NODE_ENV: 'production', JWT_SECRET_FILE: join(folder, 'no-such-file'), PORT: 'x' };
    expect(faultOf(readApiConfig, env).split('\n').slice(1)).toEqual([
      '  - JWT_SECRET_FILE names a file that does not exist (ENOENT)',
      expect.stringContaining('PORT'),
    ]);
    expect(faultOf(readApiConfig, { JWT_SECRET_FILE: folder })).toContain(
      'names a folder, not a file (EISDIR)',
    );
    expect(faultOf(readApiConfig, { JWT_SECRET_FILE: await fileWith('\n') })).toEndWith(
      '  - JWT_SECRET_FILE names an empty file',
    );
  });
});

test('an administrator’s password must not be common, nor like the email', () => {
  const read = (email: string, password: string) => () =>
    readApiConfig({ ADMIN_EMAIL: email, ADMIN_PASSWORD: password });
  expect(read('boss@example.org', 'Password123')).toThrow(
    'ADMIN_PASSWORD is one of the most common passwords',
  );
  expect(read('the.big.boss@example.org', 'TheBigBoss1')).toThrow(
    'ADMIN_PASSWORD must not be your email address',
  );
  expect(read('the.big.boss@example.org', 'TheBigBoss1')).not.toThrow('TheBigBoss1');
  expect(read('boss@example.org', 'correct horse')().admin?.email).toBe('boss@example.org');
});
