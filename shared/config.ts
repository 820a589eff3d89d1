import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import { type AdminCredentials, Email, Password } from './credentials.ts';
import { isCountryCode } from './languages/codes.ts';
import { isKept, type KeptLanguages } from './languages/kept-languages.ts';
import { parseLanguage, tagOf } from './languages/language.ts';
import { isDecodable, readPostgresUrl } from './postgres-url.ts';
import { weaknessOf } from './weak-password.ts';

export type Environment = Record<string, string | undefined>;

/** A setting is wrong: one message that names every bad variable and never a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((n) => n >= min && n <= max, `must be a whole number from ${min} to ${max}`);

/** `redis:x` parses, too, but names no host. */
const isUrlWith = (text: string, protocols: readonly string[]) => {
  const url = URL.parse(text);
  return url !== null && url.hostname !== '' && protocols.some((one) => text.startsWith(`${one}//`));
};

const startOf = (protocols: readonly string[]) =>
  `must be a URL that starts with ${protocols.map((p) => `${p}//`).join(' or ')}, and names a host`;
const odd = 'Odd signs in a password are percent-encoded: %23 for #, %2F for /, %3F for ?, %25 for %';

/** Of a store or a mail server: may hold a user and a password. */
const urlWith = (...protocols: string[]) =>
  z
    .string()
    .refine((text) => isUrlWith(text, protocols) && isDecodable(text), `${startOf(protocols)}. ${odd}`);

const webProtocols = ['http:', 'https:'];

/** Paths are put behind it. */
const baseUrl = z
  .string()
  .refine((text) => isUrlWith(text, webProtocols), startOf(webProtocols))
  .refine((text) => !/[?#]/.test(text), 'must end with a path: no ? and no # belong there');

const postgresUrl = z
  .string()
  .refine(
    (text) => readPostgresUrl(text) !== undefined,
    `must be a URL that starts with postgres:// or postgresql://, with one or more servers (host:port, separated by commas). ${odd}`,
  );

const sentinelEntry = /^(?:\[([\da-f:]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i;
const sentinelPort = 26_379;

const sentinelList = z
  .string()
  .transform((text) =>
    entriesOf(text).map((entry) => {
      const [, address, name, port = sentinelPort] = sentinelEntry.exec(entry) ?? [];
      return { host: address ?? name ?? '', port: Number(port) };
    }),
  )
  .refine(
    (all) => all.length > 0 && all.every(({ host, port }) => host !== '' && port > 0 && port <= 65_535),
    'must be the sentinels, as host:port separated by commas',
  );

const folder = z
  .string()
  .refine((text) => !text.startsWith('~'), 'must be a whole path: only a shell knows what ~ is');

const host = z
  .string()
  .refine(
    (text) => isIP(text.replace(/^\[(.*)\]$/, '$1')) !== 0 || /^[\w.-]+$/.test(text),
    'must be an address or a name of this machine, without a port: 127.0.0.1, or 0.0.0.0 for all networks',
  );

/** An address, or a range of them: `10.0.0.0/8`. */
function isAddressRange(entry: string): boolean {
  const [address = '', bits, ...more] = entry.split('/');
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return (
    more.length === 0 && most > 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most))
  );
}

const entriesOf = (text: string) =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

/** `de` stays without a country: it keeps all of them. */
function keptTag(entry: string): string | undefined {
  const language = parseLanguage(entry);
  return language?.country === undefined ? language?.code : `${language.code}-${language.country}`;
}

const keptLanguages = z
  .string()
  .transform((text) => (text.trim().toLowerCase() === 'all' ? 'all' : entriesOf(text).map(keptTag)))
  .refine(
    (kept): kept is 'all' | string[] => kept === 'all' || (kept.length > 0 && !kept.includes(undefined)),
    'must be all, or languages such as de-DE and fr, separated by commas',
  );

const language = z
  .string()
  .transform(parseLanguage)
  .refine((found) => found !== undefined, 'must be a language such as de-DE')
  .transform(tagOf);

const country = z
  .string()
  .transform((text) => text.trim().toUpperCase())
  .refine(isCountryCode, 'must be a country of two letters such as DE (the United Kingdom is GB)');

const countries = z
  .string()
  .transform((text) => entriesOf(text).map((entry) => entry.toUpperCase()))
  .refine(
    (codes) => codes.length > 0 && codes.every(isCountryCode),
    'must be countries of two letters such as US and DE, separated by commas (the United Kingdom is GB)',
  );

const secret = z.string().refine((text) => text.trim().length >= 32, 'must have at least 32 characters');

/** What a key of TMDb’s v3 looks like. */
export const v3Key = /^[0-9a-f]{32}$/i;
/** What a read access token of TMDb looks like. */
export const v4Token = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Where TMDb has its pictures. */
export const tmdbImageBaseUrl = 'https://image.tmdb.org/t/p';

const settings = z.object({
  NODE_ENV: z
    .string()
    .refine(
      (text) => text === 'production' || !/prod/i.test(text),
      'looks like production, but only the word production (in small letters) is taken for it',
    )
    .optional(),
  PORT: whole(0, 65535).default(3000),
  HOST: host.default('127.0.0.1'),
  API_PROCESSES: whole(1, 64).optional(),
  DATABASE_URL: postgresUrl.optional(),
  DATABASE_READ_URL: postgresUrl.optional(),
  REDIS_URL: urlWith('redis:', 'rediss:')
    .refine(
      (text) => /^\/?\d*$/.test(URL.parse(text)?.pathname ?? '') || !isUrlWith(text, ['redis:', 'rediss:']),
      'must have nothing but the number of a database as its path',
    )
    .optional(),
  REDIS_SENTINELS: sentinelList.optional(),
  REDIS_SENTINEL_NAME: z
    .string()
    .regex(/^[\w.-]+$/, 'must be a name that the sentinels know')
    .optional(),
  REDIS_SENTINEL_PASSWORD: z.string().min(1).optional(),
  REDIS_USERNAME: z.string().min(1).optional(),
  REDIS_PASSWORD: z.string().min(1).optional(),
  NEXUS_DATA_DIR: folder.default('.nexus'),
  TMDB_ACCESS_TOKEN: z
    .string()
    .regex(/^\S+$/, 'must not contain white space, nor the word Bearer')
    .refine((t) => !v3Key.test(t), 'holds a v3 API key (32 hex characters): set TMDB_API_KEY instead')
    .optional(),
  TMDB_API_KEY: z
    .string()
    .regex(/^\S+$/, 'must not contain white space')
    .refine(
      (t) => !v4Token.test(t),
      'holds a v4 read access token (three parts with dots): set TMDB_ACCESS_TOKEN instead',
    )
    .optional(),
  TMDB_BASE_URL: baseUrl.default('https://api.themoviedb.org/3'),
  TMDB_EXPORT_BASE_URL: baseUrl.default('https://files.tmdb.org/p/exports'),
  TMDB_IMAGE_BASE_URL: baseUrl.default(tmdbImageBaseUrl),
  IMAGE_CACHE_MB: whole(0, 1_000_000).default(0),
  TMDB_MAX_RPS: whole(1, 10_000).default(30),
  MIRROR_SCOPE: z
    .enum(['trending', 'popular', 'full'], 'must be trending, popular or full')
    .default('trending'),
  REFRESH_SPARE_PERCENT: whole(0, 100).default(50),
  MIRROR_POPULAR_PAGES: whole(1, 500).default(100),
  LANGUAGES: keptLanguages.default('all'),
  DEFAULT_LANGUAGE: language.default('en-US'),
  REGIONS: countries.default(['US']),
  DEFAULT_REGION: country.default('US'),
  TMDB_FACADE: z.enum(['off', 'open', 'keys'], 'must be off, open or keys').optional(),
  NEXUS_REAL_DATA: folder.optional(),
  LISTS_EVERY_HOURS: z.enum(['6', '8', '12', '24'], 'must be 6, 8, 12 or 24').default('6').transform(Number),
  SANDBOX_MOVIES: whole(200, 1_000_000).default(2000),
  JWT_SECRET: secret.optional(),
  JWT_SECRET_PREVIOUS: secret.optional(),
  JWT_SECRET_RETIRED: secret.optional(),
  ADMIN_EMAIL: Email.optional(),
  ADMIN_PASSWORD: Password.optional(),
  ON_DEMAND_WAIT_MS: whole(0, 30_000).default(2000),
  WORKER_CONCURRENCY: whole(1, 64).default(8),
  LOG_LEVEL: z
    .enum(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      'must be fatal, error, warn, info, debug, trace or silent',
    )
    .default('info'),
  LOG_SAMPLE: whole(1, 1_000_000).default(1),
  CORS_ORIGINS: z
    .string()
    .transform(entriesOf)
    .refine(
      (origins) => origins.every((origin) => URL.parse(origin)?.origin === origin),
      'must be origins such as https://example.org, separated by commas: scheme and host, no path, no slash at the end, no *',
    )
    .optional(),
  PUBLIC_URL: baseUrl.optional(),
  SMTP_URL: urlWith('smtp:', 'smtps:').optional(),
  MAIL_FROM: z
    .string()
    .regex(
      /^([^<>\r\n"]{1,200} <[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/,
      'must be an email address, or Name <address>',
    )
    .optional(),
  ADMIN_REQUIRE_TOTP: z.enum(['on', 'off'], 'must be on or off').default('off'),
  CONSOLE_IDLE_MINUTES: whole(1, 720).default(60),
  TRUST_PROXY: z
    .string()
    .transform(entriesOf)
    .refine(
      (entries) => entries.every(isAddressRange),
      'must be the addresses or CIDR ranges of your proxies, separated by commas: 10.0.0.5 or 10.0.0.0/8',
    )
    .refine(
      (entries) => !entries.some((entry) => entry.endsWith('/0')),
      'must not name everybody: whoever calls could then claim any address',
    )
    .optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: baseUrl.optional(),
  OTEL_EXPORTER_OTLP_HEADERS: z
    .string()
    .regex(/^[^=,\s]+=[^,]*(,[^=,]+=[^,]*)*(,\s*)?$/, 'must be name=value pairs separated by commas')
    .optional(),
  OTEL_SERVICE_NAME: z.string().min(1).max(255).optional(),
  DATABASE_APP_USER: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'must be a plain name: small letters, digits and _')
    .default('nexus_app'),
  DATABASE_APP_PASSWORD: z.string().min(8, 'must have at least 8 characters').optional(),
  SHUTDOWN_GRACE_MS: whole(0, 600_000).default(10_000),
  RATE_LIMIT: z.enum(['on', 'off'], 'must be on or off').default('on'),
});

/** The names of all settings. */
export const settingNames = Object.keys(settings.shape);
/** What they are where nothing is set, as text. */
export const settingDefaults: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(settings.parse({})).map(([name, value]) => [name, String(value)]),
);

type Settings = z.infer<typeof settings>;

/** Settings that may hold a secret. Each can also be read from a file that `<NAME>_FILE` names. */
export const secretSettings = [
  'DATABASE_URL',
  'DATABASE_READ_URL',
  'DATABASE_APP_PASSWORD',
  'REDIS_URL',
  'REDIS_SENTINEL_PASSWORD',
  'REDIS_PASSWORD',
  'JWT_SECRET',
  'JWT_SECRET_PREVIOUS',
  'JWT_SECRET_RETIRED',
  'ADMIN_PASSWORD',
  'TMDB_ACCESS_TOKEN',
  'TMDB_API_KEY',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'SMTP_URL',
] as const satisfies (keyof Settings)[];

/** Where PostgreSQL is: a URL that was given, or the embedded one under the data folder. */
export type DatabaseTarget = { kind: 'url'; url: string } | { kind: 'embedded' };

/** A Redis that fails over: its sentinels say which server has it now. */
export interface SentinelTarget {
  sentinels: readonly { host: string; port: number }[];
  /** What the sentinels call it. */
  name: string;
  sentinelPassword: string | undefined;
  username: string | undefined;
  password: string | undefined;
}

/** Where traces go. */
export interface TracingTarget {
  endpoint: string;
  headers: Record<string, string>;
  serviceName: string | undefined;
}

/** Through which mail server mails are sent. */
export interface MailSettings {
  smtpUrl: string;
  from: string;
}

/** In which languages and for which countries content is kept and answered. */
export interface Locales {
  /** Always with the default one. */
  languages: KeptLanguages;
  /** `xx-YY` */
  defaultLanguage: string;
  /** Whose lists are mirrored: always with the default one. */
  regions: string[];
  defaultRegion: string;
}

export interface CommonConfig {
  production: boolean;
  dataDir: string;
  database: DatabaseTarget;
  redisUrl: string | undefined;
  /** In place of the URL: a Redis that sentinels watch. */
  redisSentinels: SentinelTarget | undefined;
  logLevel: Settings['LOG_LEVEL'];
  shutdownGraceMs: number;
  /** `undefined`: no traces. */
  tracing: TracingTarget | undefined;
  locales: Locales;
}

/** `off`: nobody; `open`: everybody; `keys`: whoever has a key that an administrator has issued. */
export type FacadeSetting = 'off' | 'open' | 'keys';

export interface ApiConfig extends CommonConfig {
  port: number;
  host: string;
  /** `undefined`: as many as there are processors, less one. */
  apiProcesses: number | undefined;
  /** Where reads that may lag go; `undefined`: to the database itself. */
  databaseReadUrl: string | undefined;
  imageBaseUrl: string;
  /** How much of TMDb's pictures is kept and served here; 0: none. */
  imageCacheMb: number;
  onDemandWaitMs: number;
  corsOrigins: string[];
  trustProxy: string[];
  /** Where links in mails lead. */
  publicUrl: string | undefined;
  /** `undefined`: no mails. */
  mail: MailSettings | undefined;
  consoleIdleMs: number;
  /** Whether administrators must have a second factor. */
  adminRequireTotp: boolean;
  rateLimit: boolean;
  /** Of so many answers that are no failures one is logged. */
  logSample: number;
  /** Who may read `/3`. */
  facade: FacadeSetting;
  /** `undefined`: generated into the data folder. */
  jwtSecret: string | undefined;
  jwtSecretPrevious: string | undefined;
  /** Proves nothing any more, but opens what was stored with it. */
  jwtSecretRetired: string | undefined;
  /** Made at start if there is none. */
  admin: AdminCredentials | undefined;
}

/** The ordinary role that api and worker may use, while `migrate` runs as the owner. */
export interface AppRole {
  user: string;
  password: string;
}

export interface MigrateConfig extends CommonConfig {
  /** `undefined`: api and worker connect as the owner. */
  appRole: AppRole | undefined;
}

export type MirrorScope = Settings['MIRROR_SCOPE'];

/** How the worker shows itself to TMDb; `sandbox` when no credential was given. */
export type TmdbCredential = { kind: 'token'; token: string } | { kind: 'key'; key: string };

export interface WorkerConfig extends CommonConfig {
  /** `undefined`: the built-in sandbox. */
  credential: TmdbCredential | undefined;
  tmdbBaseUrl: string;
  tmdbExportBaseUrl: string;
  tmdbMaxRps: number;
  mirrorScope: MirrorScope;
  mirrorPopularPages: number;
  /** How much of the budget may refresh what is not due. */
  refreshSparePercent: number;
  listsEveryHours: number;
  workerConcurrency: number;
  sandbox: { movies: number; realData: string | undefined };
}

/** What every process reads. @throws {ConfigError} naming every bad variable, never a value */
export function readCommonConfig(env: Environment): CommonConfig {
  return commonOf(parse(env));
}

/** What `migrate` reads. @throws {ConfigError} */
export function readMigrateConfig(env: Environment): MigrateConfig {
  const s = parse(env);
  const { DATABASE_APP_USER: user, DATABASE_APP_PASSWORD: password } = s;
  return { ...commonOf(s), appRole: password === undefined ? undefined : { user, password } };
}

/** The api's settings: no TMDb credential among them. @throws {ConfigError} */
export function readApiConfig(env: Environment): ApiConfig {
  const s = parse(env, jwtFaults, rotationFaults, adminFaults, mailFaults, productionFaults, readUrlFaults);
  return {
    ...commonOf(s),
    port: s.PORT,
    host: s.HOST,
    apiProcesses: s.API_PROCESSES,
    databaseReadUrl: s.DATABASE_READ_URL,
    imageBaseUrl: trimSlash(s.TMDB_IMAGE_BASE_URL),
    imageCacheMb: s.IMAGE_CACHE_MB,
    onDemandWaitMs: s.ON_DEMAND_WAIT_MS,
    corsOrigins: s.CORS_ORIGINS ?? [],
    trustProxy: s.TRUST_PROXY ?? [],
    publicUrl: s.PUBLIC_URL === undefined ? undefined : trimSlash(s.PUBLIC_URL),
    mail: mailOf(s),
    adminRequireTotp: s.ADMIN_REQUIRE_TOTP === 'on',
    consoleIdleMs: s.CONSOLE_IDLE_MINUTES * 60_000,
    rateLimit: s.RATE_LIMIT === 'on',
    logSample: s.LOG_SAMPLE,
    facade: s.TMDB_FACADE ?? (isForThisMachine(s) ? 'open' : 'keys'),
    jwtSecret: s.JWT_SECRET,
    jwtSecretPrevious: s.JWT_SECRET_PREVIOUS,
    jwtSecretRetired: s.JWT_SECRET_RETIRED,
    admin: adminOf(s),
  };
}

/** The worker's settings. @throws {ConfigError} */
export function readWorkerConfig(env: Environment): WorkerConfig {
  const s = parse(env, credentialFaults);
  return {
    ...commonOf(s),
    credential: credentialOf(s),
    tmdbBaseUrl: trimSlash(s.TMDB_BASE_URL),
    tmdbExportBaseUrl: trimSlash(s.TMDB_EXPORT_BASE_URL),
    tmdbMaxRps: s.TMDB_MAX_RPS,
    mirrorScope: s.MIRROR_SCOPE,
    mirrorPopularPages: s.MIRROR_POPULAR_PAGES,
    refreshSparePercent: s.REFRESH_SPARE_PERCENT,
    listsEveryHours: s.LISTS_EVERY_HOURS,
    workerConcurrency: s.WORKER_CONCURRENCY,
    sandbox: {
      movies: s.SANDBOX_MOVIES,
      realData: s.NEXUS_REAL_DATA === undefined ? undefined : resolve(s.NEXUS_REAL_DATA),
    },
  };
}

type Fault = string;
type CrossCheck = (s: Settings) => Fault[];

const jwtFaults: CrossCheck = (s) =>
  s.JWT_SECRET === undefined &&
  [s.DATABASE_URL, s.REDIS_URL, s.REDIS_SENTINELS, isProduction(s) || undefined].some(
    (it) => it !== undefined,
  )
    ? ['JWT_SECRET is required with DATABASE_URL, REDIS_URL, REDIS_SENTINELS or NODE_ENV=production']
    : [];

const rotationFaults: CrossCheck = (s) => {
  const { JWT_SECRET: secret, JWT_SECRET_PREVIOUS: previous, JWT_SECRET_RETIRED: retired } = s;
  if (!retired || (retired !== secret && retired !== previous)) return [];
  const other = retired === secret ? 'JWT_SECRET' : 'JWT_SECRET_PREVIOUS';
  return [`JWT_SECRET_RETIRED is the same as ${other}, which is still accepted: retire another one`];
};

const redisFaults: CrossCheck = (s) => {
  if (s.REDIS_URL !== undefined && s.REDIS_SENTINELS !== undefined)
    return ['REDIS_URL and REDIS_SENTINELS are both set: give one'];
  if ((s.REDIS_SENTINELS === undefined) !== (s.REDIS_SENTINEL_NAME === undefined))
    return ['REDIS_SENTINELS and REDIS_SENTINEL_NAME belong together: set both or neither'];
  const parts = ['REDIS_SENTINEL_PASSWORD', 'REDIS_USERNAME', 'REDIS_PASSWORD'] as const;
  const idle = s.REDIS_SENTINELS === undefined ? parts.filter((name) => s[name] !== undefined) : [];
  return idle.map((name) => `${name} needs REDIS_SENTINELS: a REDIS_URL has its own`);
};
const readUrlFaults: CrossCheck = (s) =>
  s.DATABASE_READ_URL !== undefined && s.DATABASE_URL === undefined
    ? ['DATABASE_READ_URL needs DATABASE_URL: the embedded PostgreSQL has no replica']
    : [];
const adminFaults: CrossCheck = ({ ADMIN_EMAIL: email, ADMIN_PASSWORD: password }) => {
  if (email === undefined && password === undefined) return [];
  if (email === undefined || password === undefined)
    return ['ADMIN_EMAIL and ADMIN_PASSWORD belong together: set both or neither'];
  const weakness = weaknessOf(password, email);
  return weakness === undefined ? [] : [`ADMIN_PASSWORD ${weakness}`];
};

const mailFaults: CrossCheck = (s) =>
  s.SMTP_URL === undefined || (s.MAIL_FROM !== undefined && s.PUBLIC_URL !== undefined)
    ? []
    : ['SMTP_URL needs MAIL_FROM and PUBLIC_URL, for the sender and for links'];

const productionFaults: CrossCheck = (s) =>
  isProduction(s) && s.RATE_LIMIT === 'off' ? ['RATE_LIMIT may not be off with NODE_ENV=production'] : [];

const credentialFaults: CrossCheck = (s) => [...shapeFaults(s), ...missingCredentialFaults(s)];

/** TMDb's own keys have a known shape. What stands in for TMDb (a gateway, the sandbox) may have others. */
const shapeFaults: CrossCheck = (s) => {
  if (!isTmdbItself(s.TMDB_BASE_URL)) return [];
  const { TMDB_ACCESS_TOKEN: token, TMDB_API_KEY: key } = s;
  const faults: Fault[] = [];
  if (!/^https:\/\/[^/]+\/3\/*$/.test(s.TMDB_BASE_URL))
    faults.push('TMDB_BASE_URL must start with https:// and end with /3 where it leads to TMDb itself');
  if (token && !v4Token.test(token))
    faults.push(
      'TMDB_ACCESS_TOKEN does not look like one: the "API Read Access Token" has three long parts with dots between',
    );
  if (key && !v3Key.test(key))
    faults.push(
      'TMDB_API_KEY does not look like one: the "API Key" has 32 characters from 0 to 9 and a to f',
    );
  return faults;
};

/** `undefined` where the address itself is bad: that is said of it, and enough. */
const isTmdbItself = (url: string | undefined): boolean =>
  /(^|\.)(themoviedb|tmdb)\.org$/.test(URL.parse(url ?? '')?.hostname ?? '');

const missingCredentialFaults: CrossCheck = (s) => {
  if (s.TMDB_ACCESS_TOKEN !== undefined && s.TMDB_API_KEY !== undefined)
    return ['TMDB_ACCESS_TOKEN and TMDB_API_KEY are both set: set only one'];
  if (isProduction(s) && credentialOf(s) === undefined)
    return ['TMDB_ACCESS_TOKEN (or TMDB_API_KEY) is required with NODE_ENV=production'];
  return [];
};

function parse(env: Environment, ...checks: CrossCheck[]): Settings {
  const { given, unread, faults: fileFaults } = readSecretFiles(env);
  const parsed = settings.safeParse(given);
  const faults = [
    ...fileFaults,
    ...(parsed.error?.issues.map((issue) => faultOf(String(issue.path[0]), issue.message, given)) ?? []),
  ];
  // A secret whose file cannot be read was given: it is not said to be missing, too.
  const known = {
    ...(parsed.data ?? { ...given, ...wellFormed(given) }),
    ...Object.fromEntries(unread.map((name) => [name, ''])),
  };
  const ofItself = new Set(parsed.error?.issues.map((issue) => String(issue.path[0])));
  const between = [redisFaults, ...checks].flatMap((check) => check(known as Settings));
  // What is wrong by itself is said once.
  faults.push(
    ...between.filter((fault) => !ofItself.has(/^\w+(?= (does not|must|needs) )/.exec(fault)?.[0] ?? '')),
  );
  const all = [...new Set(faults)];
  if (!parsed.success || all.length > 0)
    throw new ConfigError(`These settings need your attention:\n${all.map((f) => `  - ${f}`).join('\n')}`);
  return parsed.data;
}

const quoted = /^(["'])(.*)\1$/s;

/** Signs that nobody sees, or that a shell would have taken away, are named as what they are. */
function faultOf(name: string, message: string, given: Environment): Fault {
  const value = given[name] ?? '';
  if (given[name] !== undefined && value.trim() === '')
    return `${name} holds nothing but white space: give it a value, or remove it`;
  const fault = `${name} ${message}`;
  if (value.startsWith('\ufeff')) return `${fault} (it begins with a byte order mark: save it without one)`;
  if (quoted.test(value.trim())) return `${fault} (it stands in quotation marks: remove them)`;
  return value === value.trim() ? fault : `${fault} (there is white space around it: remove it)`;
}

export interface GivenSettings {
  /** What was given, with the secrets that stand in files. */
  given: Environment;
  /** Secrets whose file cannot be read. */
  unread: string[];
  faults: Fault[];
}

/** Reads what `<NAME>_FILE` names for every setting that holds a secret. */
export function readSecretFiles(env: Environment): GivenSettings {
  // An empty variable is one that was not set: `FOO=` in an env file or a compose default.
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const unread: string[] = [];
  const faults: Fault[] = [];
  for (const name of secretSettings) {
    const path = given[`${name}_FILE`];
    if (path === undefined) continue;
    if (given[name] !== undefined) faults.push(`${name} and ${name}_FILE are both set: give one`);
    else {
      const { secret, fault } = readSecret(path);
      if (fault === undefined) given[name] = secret;
      else {
        unread.push(name);
        faults.push(`${name}_FILE ${fault}`);
      }
    }
  }
  return { given, unread, faults };
}

/** By the system's code. */
const unreadable = new Map([
  ['ENOENT', 'a file that does not exist'],
  ['EACCES', 'a file that this user may not read'],
  ['EISDIR', 'a folder, not a file'],
]);

/** Without the line end that editors and `echo` put behind it. */
function readSecret(path: string): { secret?: string; fault?: string } {
  try {
    const secret = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    return secret === '' ? { fault: 'names an empty file' } : { secret };
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code);
    return { fault: `names ${unreadable.get(code) ?? 'a file that cannot be read'} (${code})` };
  }
}

/** The settings that are valid by themselves, so that faults between settings are reported, too. */
function wellFormed(given: Environment): Partial<Settings> {
  const read = Object.entries(settings.shape).map(
    ([name, shape]) => [name, shape.safeParse(given[name])] as const,
  );
  return Object.fromEntries(read.flatMap(([name, { success, data }]) => (success ? [[name, data]] : [])));
}

function commonOf(s: Settings): CommonConfig {
  return {
    production: isProduction(s),
    dataDir: resolve(s.NEXUS_DATA_DIR),
    database: s.DATABASE_URL === undefined ? { kind: 'embedded' } : { kind: 'url', url: s.DATABASE_URL },
    redisUrl: s.REDIS_URL,
    redisSentinels: sentinelsOf(s),
    logLevel: s.LOG_LEVEL,
    shutdownGraceMs: s.SHUTDOWN_GRACE_MS,
    tracing: tracingOf(s),
    locales: localesOf(s),
  };
}

function sentinelsOf(s: Settings): SentinelTarget | undefined {
  if (s.REDIS_SENTINELS === undefined || s.REDIS_SENTINEL_NAME === undefined) return undefined;
  return {
    sentinels: s.REDIS_SENTINELS,
    name: s.REDIS_SENTINEL_NAME,
    sentinelPassword: s.REDIS_SENTINEL_PASSWORD,
    username: s.REDIS_USERNAME,
    password: s.REDIS_PASSWORD,
  };
}

function localesOf(s: Settings): Locales {
  const { LANGUAGES: kept, DEFAULT_LANGUAGE: defaultLanguage, DEFAULT_REGION: defaultRegion } = s;
  return {
    languages: kept === 'all' || isKept(kept, defaultLanguage) ? kept : [...kept, defaultLanguage],
    defaultLanguage,
    regions: [...new Set([...s.REGIONS, defaultRegion])],
    defaultRegion,
  };
}

function tracingOf(s: Settings): TracingTarget | undefined {
  if (s.OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return undefined;
  const pairs = (s.OTEL_EXPORTER_OTLP_HEADERS ?? '').split(',').filter((pair) => pair.trim() !== '');
  return {
    endpoint: trimSlash(s.OTEL_EXPORTER_OTLP_ENDPOINT),
    headers: Object.fromEntries(pairs.map(headerOf)),
    serviceName: s.OTEL_SERVICE_NAME,
  };
}

/** Values are percent-encoded. A value that is not is taken as it is. */
function headerOf(pair: string): [string, string] {
  const at = pair.indexOf('=');
  const value = pair.slice(at + 1).trim();
  return [
    pair.slice(0, at).trim(),
    /^(%[0-9a-f]{2}|[^%])*$/i.test(value) ? decodeURIComponent(value) : value,
  ];
}

function credentialOf(s: Settings): TmdbCredential | undefined {
  if (s.TMDB_ACCESS_TOKEN !== undefined) return { kind: 'token', token: s.TMDB_ACCESS_TOKEN };
  return s.TMDB_API_KEY === undefined ? undefined : { kind: 'key', key: s.TMDB_API_KEY };
}

const mailOf = ({ SMTP_URL: smtpUrl, MAIL_FROM: from }: Settings): MailSettings | undefined =>
  smtpUrl === undefined || from === undefined ? undefined : { smtpUrl, from };

const adminOf = ({ ADMIN_EMAIL: email, ADMIN_PASSWORD: password }: Settings) =>
  email === undefined || password === undefined ? undefined : { email, password };

/** TMDb's content is no public service of anybody else: without keys only where nobody else comes. */
const isForThisMachine = (s: Settings) =>
  !isProduction(s) && s.TRUST_PROXY === undefined && isLoopbackHost(s.HOST);

const isLoopbackHost = (host: string) => /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i.test(host);

const isProduction = (s: Settings) => s.NODE_ENV === 'production';
const trimSlash = (url: string) => url.replace(/\/+$/, '');
