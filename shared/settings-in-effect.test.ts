import { expect, test } from 'bun:test';
import { settingNames } from './config.ts';
import { settingsInEffect } from './settings-in-effect.ts';

const settingOf = (name: string, value?: string) =>
  settingsInEffect(value === undefined ? {} : { [name]: value }).find((each) => each.name === name);

test('every setting is there, with its default where it has one', () => {
  expect(settingsInEffect({}).map(({ name }) => name)).toEqual(settingNames);
  expect(settingOf('PORT')).toEqual({ name: 'PORT', value: '3000', isSet: false });
  expect(settingOf('REDIS_URL')).toEqual({ name: 'REDIS_URL', value: null, isSet: false });
  expect(settingOf('LOG_LEVEL', 'debug')).toEqual({ name: 'LOG_LEVEL', value: 'debug', isSet: true });
});

test('no secret is shown, wherever it stands', () => {
  const secret = 's3cr3t-of-ours';
  const env = Object.fromEntries(
    settingNames.map((name) => [name, `redis://${secret}:${secret}@host:1/0?x=${secret}#${secret}`]),
  );
  expect(JSON.stringify(settingsInEffect(env))).not.toContain(secret);
  for (const name of [
    'TMDB_ACCESS_TOKEN',
    'TMDB_API_KEY',
    'JWT_SECRET',
    'JWT_SECRET_PREVIOUS',
    'JWT_SECRET_RETIRED',
    'ADMIN_PASSWORD',
    'OTEL_EXPORTER_OTLP_HEADERS',
  ])
    expect(settingOf(name, secret)?.value).toBe('••••••');
  expect(settingOf('DATABASE_URL', 'postgres://u:p@db.example:5432/nexus?sslmode=require')?.value).toBe(
    'postgres://••••••@db.example:5432/nexus?••••••',
  );
  expect(settingOf('CORS_ORIGINS', 'https://a.example,https://b.example')?.value).toBe(
    'https://a.example,https://b.example',
  );
});
