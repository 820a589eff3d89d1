import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readRealRecords } from './real-data.ts';
import type { Sandbox } from './sandbox.ts';
import { defaultApiKey, startSandbox } from './server.ts';
import type { WireMovie, WirePage } from './wire.ts';

const folder = process.env.NEXUS_REAL_DATA || join(import.meta.dir, '../../shared/data');
const present = existsSync(join(folder, 'movies-30k.ndjson.gz'));
if (!present) process.stdout.write(`no real data at ${folder}: its tests are left out\n`);

describe.skipIf(!present)('real data', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ realData: folder });
  }, 60_000);
  afterAll(() => sandbox?.stop());

  const getJson = async <T>(path: string) => {
    const answer = await fetch(sandbox.url + path, { headers: { authorization: `Bearer ${defaultApiKey}` } });
    return (await answer.json()) as T;
  };

  test('reads 30,189 settled records and serves them: no null ids, a credit id each, one name for one id', async () => {
    const served = [2, 550, 48_636];
    const seen = new Set<number>();
    const people = new Map<number, string>();
    const keywords = new Map<number, string>();
    const name = (names: Map<number, string>, { id, name }: { id: number; name: string }) => {
      if (typeof id !== 'number' || (names.get(id) ?? name) !== name) throw new Error(`${id} ${name}`);
      names.set(id, name);
    };
    for await (const movie of readRealRecords(folder)) {
      seen.add(movie.id);
      if (served.includes(movie.id)) {
        const answer = await getJson(`/movie/${movie.id}?append_to_response=credits,keywords`);
        expect(answer).toEqual(JSON.parse(JSON.stringify(movie)));
      }
      const credits = [...movie.credits.cast, ...movie.credits.crew];
      for (const person of credits) name(people, person);
      for (const keyword of movie.keywords.keywords) name(keywords, keyword);
      const creditIds = new Set(credits.map((credit) => credit.credit_id));
      if (creditIds.size !== credits.length || creditIds.has('')) throw new Error(`credits of ${movie.id}`);
      if ('_src' in movie) throw new Error(`_src in ${movie.id}`);
    }
    expect(seen.size).toBe(30_189);
    expect(sandbox.catalogue.size).toBe(30_189);
  }, 120_000);

  test('prefers the verbatim record and fills what it lacks', async () => {
    const movie = await getJson<WireMovie>(
      '/movie/550?append_to_response=credits,keywords,recommendations,release_dates,videos,external_ids',
    );
    expect(movie.title).toBe('Fight Club');
    expect(movie.credits?.cast.length).toBeGreaterThan(50);
    expect(movie.credits?.cast[0]).toHaveProperty('profile_path');
    expect(movie).toMatchObject({
      keywords: { keywords: [] },
      recommendations: { page: 1, results: [], total_results: 0 },
      release_dates: { results: [] },
      videos: { results: [] },
      external_ids: { imdb_id: 'tt0137523' },
    });
    expect(await getJson('/movie/550/recommendations')).toMatchObject({ results: [] });
  });

  test('exports all of them and lists the popular ones first', async () => {
    const [year, month, day] = new Date().toISOString().slice(0, 10).split('-');
    const file = await fetch(`${sandbox.exportUrl}/movie_ids_${month}_${day}_${year}.json.gz`);
    const text = new TextDecoder().decode(Bun.gunzipSync(await file.arrayBuffer()));
    expect(text.trim().split('\n')).toHaveLength(30_189);
    const popular = await getJson<WirePage>('/movie/popular');
    const popularity = popular.results.map((row) => row.popularity ?? 0);
    expect(popularity).toEqual(popularity.toSorted((a, b) => b - a));
    const trending = await getJson<WirePage>('/trending/movie/day');
    expect(trending.results.map(({ id }) => id)).toEqual(popular.results.map(({ id }) => id));
    expect(sandbox.identity).toBe('sandbox:real-data');
  }, 60_000);
});
