import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import type { Database } from '#shared/orm/database.ts';
import { readReferenceDocument, referenceNames } from '#shared/reference/reference-document.ts';
import { testDatabase } from '#tests/support/database.ts';
import { jobContext } from '#tests/support/job-context.ts';
import { openSandboxClient, type SandboxClient } from '#tests/support/sandbox-client.ts';
import { noCounts } from '#worker/runner/handler.ts';
import { syncReference } from './sync-reference.ts';

let database: Database;
let upstream: SandboxClient;

beforeAll(async () => {
  database = await testDatabase();
  upstream = await openSandboxClient(database.pool, 200);
});
afterAll(async () => {
  await upstream[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});
beforeEach(async () => {
  upstream.sandbox.misbehave([]);
  await database.pool.query('truncate list_snapshots, reference_documents, genres cascade');
});

async function run(languages: 'all' | string[] = ['de', 'pt-BR', 'en-US']) {
  const context = jobContext(database, {
    tmdb: upstream.tmdb,
    mirror: { scope: 'trending', popularPages: 1, spareCallsPerSecond: 0, languages, regions: ['US'] },
    counts: noCounts(),
  });
  await syncReference({ trigger: 'schedule' }, context);
  return context.counts;
}

const documentOf = async (name: (typeof referenceNames)[number]) =>
  JSON.parse((await readReferenceDocument(database.pool, name))?.text ?? 'null');
const namesOfDrama = async () =>
  Object.fromEntries(
    (await database.pool.query('select language, name from genre_translations where genre_id = 18')).rows.map(
      ({ language, name }) => [language, name],
    ),
  );

test('every document is kept as TMDb sent it, and a second run changes nothing', async () => {
  await run();
  for (const name of referenceNames) {
    const answer = await fetch(`${upstream.sandbox.url}/${name}?api_key=nexus-sandbox-key`);
    expect({ name, kept: await documentOf(name) }).toEqual({ name, kept: await answer.json() });
  }
  expect(await run()).toMatchObject({ created: 0, updated: 0, failed: 0 });
});

test('genres are named in the kept languages, and in those of other countries', async () => {
  await run();
  expect(await namesOfDrama()).toEqual({ de: 'Drama (de)', pt: 'Drama (pt)', 'pt-BR': 'Drama (pt-BR)' });
  await run('all');
  const names = await namesOfDrama();
  expect(Object.keys(names).length).toBeGreaterThan(40);
  expect(names.en).toBeUndefined();
});

test.each([
  ['empty', 'empty-list', 'list_too_short'],
  ['of another shape', 'wrong-shape', 'upstream_malformed'],
  ['an error', 'id-invalid', 'upstream_not_found'],
] as const)(
  'a document that is %s never replaces a good one, and keeps no other from being read',
  async (_what, kind, code) => {
    await run();
    const before = await documentOf('watch/providers/movie');
    await database.pool.query("update reference_documents set fetched_at = now() - interval '1 day'");
    upstream.sandbox.misbehave([{ kind, match: '/watch/providers/movie' }]);
    await expect(run()).rejects.toMatchObject({ code });
    expect(await documentOf('watch/providers/movie')).toEqual(before);
    const { rows } = await database.pool.query(
      "select name from reference_documents where fetched_at < now() - interval '1 hour'",
    );
    expect(rows).toEqual([{ name: 'watch/providers/movie' }]);
  },
);
