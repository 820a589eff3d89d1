import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { Person, PersonMeta } from '#api/people/person-model.ts';
import { creditedPeople } from '#sandbox/credited-people.ts';
import type { TestBody } from './support/api/test-response.ts';
import { openService, type Service } from './support/service.ts';
import { until } from './support/until.ts';

let service: Service;

beforeAll(async () => {
  service = await openService({ env: { ON_DEMAND_WAIT_MS: '10000' }, sandbox: { movies: 400 } });
});
afterAll(() => service[Symbol.asyncDispose]());
afterEach(() => {
  service.sandbox.misbehave([]);
});

const body = async (response: Response): Promise<TestBody> => response.json();
const person = (id: number, query = '', init?: RequestInit) => service.get(`/api/people/${id}${query}`, init);
const askedFor = (id: number) =>
  service.sandbox.requests().filter(({ target }) => target.startsWith(`/person/${id}?`)).length;

/** Somebody whom nobody has asked for. */
async function unasked(test: (id: number) => boolean = () => true): Promise<number> {
  const asked = new Set(
    (await service.rows("select id from records where kind = 'person'")).map(({ id }) => id),
  );
  const [id] = [...creditedPeople(service.sandbox.catalogue)]
    .filter(([, { cast }]) => cast.length > 2)
    .map(([id]) => id)
    .filter((id) => !asked.has(id) && test(id));
  if (id === undefined) throw new Error('everybody was asked for');
  return id;
}

describe('a person', () => {
  test('is fetched once for 50 concurrent readers, with biography, portraits, ids and films', async () => {
    const id = await unasked();
    service.sandbox.resetStats();
    const answers = await Promise.all(Array.from({ length: 50 }, () => person(id)));
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    expect(askedFor(id)).toBe(1);
    const { data, meta } = await body(answers[0] as Response);
    const { filmography } = Person.strict().parse(data);
    const { cast = [] } = creditedPeople(service.sandbox.catalogue).get(id) ?? {};
    expect(filmography.cast.map(({ movie }) => movie.tmdb_id).sort()).toEqual(
      cast
        .filter((row) => row.adult !== true)
        .map((row) => row.id)
        .sort(),
    );
    const dates = filmography.cast.map(({ movie }) => movie.release_date ?? '');
    expect(dates).toEqual(dates.toSorted().reverse());
    expect(PersonMeta.strict().parse(meta)).toMatchObject({ stale: false, refresh: 'none', page: 1 });
    expect(data).toMatchObject({ id, external_ids: { wikidata_id: `Q${id}` } });
    expect(service.sandbox.requests()[0]?.target).toContain(
      'append_to_response=movie_credits,combined_credits,images,external_ids,translations',
    );
    // What TMDb sent is kept, part by part.
    expect(
      (
        await service.rows("select part from record_parts where kind = 'person' and id = $1 order by 1", id)
      ).map(({ part }) => part),
    ).toEqual(['combined_credits', 'details', 'external_ids', 'images', 'movie_credits', 'translations']);
  });

  test('is answered in the language that was asked for', async () => {
    const id = await unasked();
    const inLanguage = async (query: string, header = '') => {
      const answer = await person(id, query, { headers: { 'accept-language': header } });
      const { data, meta } = await body(answer);
      const { biography } = data;
      const { language } = meta;
      return [biography.includes('bekannt'), language, answer.headers.get('content-language')];
    };
    expect(await inLanguage('?language=de-DE')).toEqual([
      true,
      { asked: 'de-DE', biography: 'de-DE' },
      'de-DE',
    ]);
    expect(await inLanguage('?language=de-AT')).toEqual([
      true,
      { asked: 'de-AT', biography: 'de-DE' },
      'de-AT',
    ]);
    expect(await inLanguage('', 'qq, de;q=0.5')).toEqual([
      true,
      { asked: 'de-DE', biography: 'de-DE' },
      'de-DE',
    ]);
    // An empty translation is none.
    expect(await inLanguage('?language=fr')).toEqual([
      false,
      { asked: 'fr-FR', biography: 'en-US' },
      'fr-FR',
    ]);
    const etags = await Promise.all(
      ['de', 'en'].map(async (tag) => (await person(id, `?language=${tag}`)).headers.get('etag')),
    );
    expect(etags[0]).not.toBe(etags[1] as string);
    expect((await person(id, '?language=qq')).status).toBe(422);
  });

  test('has a filmography that comes page by page', async () => {
    const id = await unasked();
    const all = Person.parse((await body(await person(id))).data).filmography.cast;
    const pages = await Promise.all(
      [1, 2].map(async (page) => Person.parse((await body(await person(id, `?limit=1&page=${page}`))).data)),
    );
    expect(pages.flatMap(({ filmography }) => filmography.cast)).toEqual(all.slice(0, 2));
    const { meta } = await body(await person(id, '?limit=1'));
    expect(meta).toMatchObject({ page: 1, limit: 1, total_pages: all.length });
  });

  test('whom TMDb does not have is asked for once, and remembered for a day', async () => {
    service.sandbox.resetStats();
    const id = 2_000_000_011;
    for (const answer of await Promise.all(Array.from({ length: 10 }, () => person(id)))) {
      expect(answer.status).toBe(404);
      expect(await body(answer)).toMatchObject({ status: 'error', code: 'person_not_found' });
    }
    expect((await person(id)).status).toBe(404);
    expect(askedFor(id)).toBe(1);
    await service.database.pool.query(
      "update records set last_absent_at = last_absent_at - interval '25 hours' where id = $1",
      [id],
    );
    // The job of one of the ten may still be in the queue, and answer for nobody: another is queued after half a minute.
    await until(async () => (await person(id)).status === 404, 45_000);
    await until(() => askedFor(id) > 1);
  });

  test('whose answer is of another shape, or of somebody else, is never invented', async () => {
    const id = await unasked();
    service.sandbox.misbehave([{ match: `/person/${id}`, kind: 'wrong-shape' }]);
    const { data, meta } = await body(await person(id));
    expect([data.biography, meta.stale]).toEqual([null, true]);
    expect(await service.rows("select 1 from records where kind = 'person' and id = $1", id)).toEqual([]);
  });

  test('is shown as far as movies name them while TMDb is down, and whoever nobody names is 503', async () => {
    const [named] = await service.rows(
      `select c.person_id as id from credits c where c.kind = 'cast'
       and not exists (select 1 from records r where r.kind = 'person' and r.id = c.person_id) limit 1`,
    );
    service.sandbox.misbehave([{ kind: 'status-503' }]);
    await until(async () => (await person(Number(named?.id))).status === 200, 30_000);
    const { data, meta } = await body(await person(Number(named?.id)));
    expect(meta).toMatchObject({ stale: true, refresh: 'none' });
    expect(Person.strict().parse(data).filmography.cast.length).toBeGreaterThan(0);
    const unknown = await person(1_999_999_999);
    expect([unknown.status, (await body(unknown)).code]).toEqual([503, 'upstream_unavailable']);
    expect(unknown.headers.get('retry-after')).toMatch(/^\d+$/);
    service.sandbox.misbehave([]);
    await until(async () => (await person(1_999_999_999)).status === 404, 60_000);
  });

  test('who is not there in time is pending', async () => {
    const id = await unasked();
    service.sandbox.misbehave([{ match: `/person/${id}`, kind: 'slow', delayMs: 15_000, times: 1 }]);
    const answer = await person(id);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([202, '2']);
    expect(await body(answer)).toMatchObject({ status: 'pending', code: 'fetch_pending' });
  });

  test('is stale after two weeks, is answered at once, and is refreshed', async () => {
    const id = await unasked();
    expect((await person(id)).status).toBe(200);
    await service.database.pool.query(
      "update records set fetched_at = now() - interval '15 days' where id = $1",
      [id],
    );
    const { pool } = service.database;
    await pool.query("select pg_notify('nexus_notices', $1)", [
      JSON.stringify({ kind: 'records', of: 'person', ids: [id] }),
    ]);
    let seen: unknown;
    await until(async () => {
      const { meta } = await body(await person(id));
      const { stale, refresh } = meta;
      if (stale) seen = refresh;
      return seen !== undefined && !stale;
    });
    expect(seen).toBe('queued');
  });

  test('whom TMDb has deleted is gone after the second 404, a day later, and back when TMDb restores them', async () => {
    const id = await unasked();
    expect((await person(id)).status).toBe(200);
    const { pool } = service.database;
    const tooOld = () =>
      pool.query("update records set fetched_at = now() - interval '15 days' where id = $1", [id]);
    const aDayLater = () =>
      pool.query(
        "update records set first_absent_at = first_absent_at - interval '25 hours', last_absent_at = last_absent_at - interval '25 hours', attempted_at = null where id = $1",
        [id],
      );
    service.sandbox.misbehave([{ match: `/person/${id}`, kind: 'vanish' }]);
    await tooOld();
    expect(await service.sync('people')).toMatchObject({ status: 'succeeded' });
    expect((await person(id)).status).toBe(200);
    await aDayLater();
    // A reader may have asked for the refresh already.
    expect(await service.sync('people')).toMatchObject({ status: 'succeeded' });
    await until(async () => (await person(id)).status === 410);
    const gone = await person(id);
    expect([gone.status, (await body(gone)).code]).toEqual([410, 'person_gone']);
    // Those who name them stay.
    expect((await service.rows('select 1 from people where id = $1', id)).length).toBe(1);
    service.sandbox.misbehave([]);
    await pool.query(
      "update records set last_absent_at = last_absent_at - interval '30 days', attempted_at = null where id = $1",
      [id],
    );
    await service.sync('people');
    await until(async () => (await person(id)).status === 200);
  });

  test('who is older than 180 days counts as purged at once, and purge takes what was kept', async () => {
    const id = await unasked();
    expect((await person(id)).status).toBe(200);
    const { pool } = service.database;
    await pool.query("update records set fetched_at = now() - interval '181 days' where id = $1", [id]);
    await pool.query("select pg_notify('nexus_notices', $1)", [
      JSON.stringify({ kind: 'list', name: 'genres' }),
    ]);
    service.sandbox.resetStats();
    // Fetched again, as one that was never there; until the notice is heard, what was ready is still sent.
    await until(async () => (await person(id)).status === 200 && askedFor(id) > 0);
    // Who waited long has asked a second time: that fetch may still be under way.
    const queue = service.queues.queue('on-demand');
    await until(async () => {
      const counts = await queue.getJobCounts('active', 'waiting', 'prioritized', 'delayed');
      return Object.values(counts).every((count) => count === 0);
    });
    await pool.query("update records set fetched_at = now() - interval '181 days' where id = $1", [id]);
    expect(await service.sync('purge')).toMatchObject({ status: 'succeeded' });
    for (const table of ['records', 'record_parts'])
      expect(await service.rows(`select 1 from ${table} where kind = 'person' and id = $1`, id)).toEqual([]);
    expect(await service.rows('select 1 from person_credits where person_id = $1', id)).toEqual([]);
  });

  test('that is no id is refused', async () => {
    for (const id of ['0', '2147483648', 'x', '1.5', '-1'])
      expect((await service.get(`/api/people/${id}`)).status).toBe(422);
  });
});
