import { fileURLToPath } from 'node:url';
import { Registry } from 'prom-client';
import { createApp } from '#api/app.ts';
import { readApiConfig } from '#shared/config.ts';
import { createLog } from '#shared/log.ts';
import { readArguments } from '#shared/read-arguments.ts';

const { values } = readArguments({
  usage: `Usage: npm run openapi -- [--check]

Writes docs/openapi.json from the routes.
--check  writes nothing, and fails if the file differs`,
  options: { check: { type: 'boolean', default: false } },
});

/** Writes docs/openapi.json from the routes; with `--check`, fails where the file is not what they say. */
const path = fileURLToPath(new URL('../docs/openapi.json', import.meta.url));

/** The description is made from the table of routes: nothing of this is ever asked. */
const never = (): never => {
  throw new Error('the API description needs no stores');
};

const app = createApp({
  config: { ...readApiConfig({}), jwtSecret: 'none' },
  log: createLog({ level: 'silent', name: 'openapi' }),
  database: {
    get pool() {
      return undefined as never;
    },
  },
  queues: { enqueue: never, queue: never, ping: never, redis: undefined },
  hub: { connected: false, subscribe: () => {} },
  metrics: new Registry(),
  stopping: new AbortController().signal,
  now: Date.now,
});

const answer = await app.handle(new Request('http://localhost/docs/json'));
const text = `${JSON.stringify(sorted(await answer.json()), null, 2)}\n`;

if (!values.check) {
  await Bun.write(path, text);
  console.log(`Wrote ${path}`);
} else if (
  (await Bun.file(path)
    .text()
    .catch(() => '')) !== text
) {
  console.error('docs/openapi.json is not what the routes say: run `npm run openapi`.');
  process.exit(1);
}

/** Objects by name, so that the file only changes where the API does; lists keep their order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]));
}
