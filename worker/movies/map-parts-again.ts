import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import type { KeptLanguages } from '#shared/languages/kept-languages.ts';
import type { MoviePartName } from '#shared/movies/movie-parts.ts';
import { partsVersionOf } from '#shared/movies/parts-version.ts';
import { unpackPart } from '#shared/movies/stored-parts.ts';
import type { JobContext } from '#worker/runner/handler.ts';
import { notify, type Sql, writeTransaction } from '#worker/store/write-transaction.ts';
import { mapPosters } from '../tmdb/wire/map-posters.ts';
import { mapTerms } from '../tmdb/wire/map-terms.ts';
import type { MirroredMovie } from '../tmdb/wire/mirrored-movie.ts';
import { parseReleases, parseTitles, parseTranslations } from '../tmdb/wire/parse-answer.ts';
import { saveTerms } from './save-terms.ts';
import { type TranslatedMovie, writeTranslations } from './write-translations.ts';

/**
 * Takes translations, titles, releases, posters and terms from the stored parts once more, where other languages were kept when
 * they were written, or less was taken: a widened `LANGUAGES` costs no call. A slice in each transaction; what an interruption leaves is found by
 * the next call. Where nothing is to be done, that costs two index look-ups.
 */
export async function mapPartsAgain(
  { em, signal, mirror }: Pick<JobContext, 'em' | 'signal' | 'mirror'>,
  sliceSize = 200,
): Promise<void> {
  const on = em.getKysely();
  const current = partsVersionOf(mirror.languages);
  for (let version = await readNextVersion(on, 0); version !== null; ) {
    const slice: Slice = { version, current, size: sliceSize, kept: mirror.languages };
    const isDone =
      version === current || (await writeTransaction(em, (tx) => mapSlice(tx, slice))) < sliceSize;
    signal.throwIfAborted();
    if (isDone) version = await readNextVersion(on, version);
  }
}

/** The versions that there are, one after the other, by one look into the index each. */
async function readNextVersion(on: Sql, after: number): Promise<number | null> {
  const rows = await runStatement(
    on,
    sql<{ version: number | null }>`
    select min(parts_version) as version from movies where state = 'detailed' and parts_version > ${after}`,
  );
  return rows[0]?.version ?? null;
}

interface Slice {
  version: number;
  current: number;
  size: number;
  kept: KeptLanguages;
}

/** @returns how many movies it took */
async function mapSlice(on: Sql, { version, current, size, kept }: Slice): Promise<number> {
  // Locked in the order of their ids, as all who write movies do.
  const movies = await runStatement(
    on,
    sql<{ id: string; tmdb_id: number }>`
    select id, tmdb_id from movies where id in (
      select id from movies where state = 'detailed' and parts_version = ${version}::int order by id limit ${size})
    order by tmdb_id for no key update`,
  );
  const ids = movies.map(({ id }) => id);
  const mapped = await readMapped(on, ids);
  await writeTranslations(on, ids, { movies: mapped, kept });
  await saveTerms(on, mapped);
  const bits = new Map(mapped.map(({ movie_id, country_bits }) => [movie_id, country_bits]));
  const rows = ids.map((id) => ({ id, country_bits: bits.get(id) ?? null }));
  await runStatement(
    on,
    sql`
    update movies m set parts_version = ${current}::int, country_bits = i.country_bits
    from json_to_recordset(${JSON.stringify(rows)}::json) as i(id bigint, country_bits bigint) where m.id = i.id`,
  );
  await notify(on, { kind: 'movies', ids: movies.map((movie) => movie.tmdb_id) });
  return movies.length;
}

type MappedMovie = TranslatedMovie & Pick<MirroredMovie, 'terms' | 'country_bits'>;

async function readMapped(on: Sql, ids: string[]): Promise<MappedMovie[]> {
  const rows = await runStatement(
    on,
    sql<{ movie_id: string; part: string; body: Uint8Array }>`
    select movie_id, part, body from movie_parts
    where movie_id = any(${ids}::bigint[]) and part = any(${mappedParts}::text[])`,
  );
  return [...Map.groupBy(rows, ({ movie_id }) => movie_id)].map(([movie_id, parts]) => {
    const json = Object.fromEntries(parts.map(({ part, body }) => [part, JSON.parse(unpackPart(body))]));
    const { details, translations = {}, alternative_titles = {}, release_dates = {}, images } = json;
    const releases = parseReleases(release_dates);
    return {
      movie_id,
      translations: parseTranslations(translations),
      alternative_titles: parseTitles(alternative_titles),
      releases,
      posters: mapPosters(images),
      ...mapTerms({ ...details, ...json }, releases),
    };
  });
}

/** Those that something is made of. */
const mappedParts: MoviePartName[] = [
  'details',
  'keywords',
  'translations',
  'alternative_titles',
  'release_dates',
  'images',
  'watch/providers',
];
