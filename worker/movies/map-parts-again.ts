import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import type { KeptLanguages } from '#shared/languages/kept-languages.ts';
import { madeOf } from '#shared/movies/answer-made-of.ts';
import type { CollectionNames } from '#shared/movies/collection-names.ts';
import { documentColumn } from '#shared/movies/document-columns.ts';
import { documentVersion } from '#shared/movies/document-fields.ts';
import type { MoviePartName } from '#shared/movies/movie-parts.ts';
import { partsVersionOf } from '#shared/movies/parts-version.ts';
import { unpackPart } from '#shared/movies/stored-parts.ts';
import type { JobContext } from '#worker/runner/handler.ts';
import { carryBytes, placeTypes } from '#worker/store/carry-bytes.ts';
import { recordset } from '#worker/store/recordset.ts';
import { runInTurn } from '#worker/store/run-in-turn.ts';
import { notify, type Sql, writeTransaction } from '#worker/store/write-transaction.ts';
import { fillPeople } from '../people/save-people.ts';
import { mapPosters } from '../tmdb/wire/map-posters.ts';
import { mapTerms } from '../tmdb/wire/map-terms.ts';
import type { MirroredMovie } from '../tmdb/wire/mirrored-movie.ts';
import { parsePeople, parseReleases, parseTitles, parseTranslations } from '../tmdb/wire/parse-answer.ts';
import { type AnswerSource, answerOf, storedNamesColumn } from './make-answers.ts';
import { saveTerms } from './save-terms.ts';
import { type TranslatedMovie, translationStatements } from './write-translations.ts';

/**
 * Takes translations, titles, releases, posters, terms and what people are from the stored parts once more, where other
 * languages were kept when they were written, or less was taken: a widened `LANGUAGES` costs no call. A slice in each
 * transaction; what an interruption leaves is found by the next call. Where nothing is to be done, that costs two index
 * look-ups.
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
  await runInTurn(on, translationStatements({ movieIds: ids }, mapped, kept));
  await saveTerms(on, mapped);
  await fillPeople(
    on,
    mapped.flatMap(({ people }) => people),
  );
  await saveAgain(on, await readSources(on, mapped), { ids, current, kept });
  await notify(on, { kind: 'movies', ids: movies.map((movie) => movie.tmdb_id) });
  return movies.length;
}

/** What `movies` holds of its parts, and the answers. */
async function saveAgain(
  on: Sql,
  sources: readonly (MappedMovie & AnswerSource)[],
  { ids, current, kept }: Pick<Slice, 'current' | 'kept'> & { ids: readonly string[] },
): Promise<void> {
  const byId = new Map(sources.map((source) => [source.movie_id, source]));
  const { places, text: answer } = carryBytes(
    ids.map((id) => {
      const source = byId.get(id);
      return source && answerOf(source, kept);
    }),
  );
  const rows = ids.map((id, index) => ({
    id,
    country_bits: byId.get(id)?.country_bits ?? null,
    ...places[index],
  }));
  const made = madeOf({
    ...{ content_hash: sql`m.content_hash`, parts_hash: sql`m.parts_hash` },
    parts_version: sql`${current}::int`,
  });
  await runStatement(
    on,
    sql`
    update movies m set parts_version = ${current}::int, country_bits = i.country_bits,
      answer = case when m.parts_hash is not null then ${answer} end,
      answer_made_of = case when i.size is not null then ${made} end
    from ${recordset(rows, { id: 'bigint', country_bits: 'bigint', ...placeTypes })}
    where m.id = i.id`,
  );
}

type MappedMovie = TranslatedMovie &
  Pick<MirroredMovie, 'terms' | 'country_bits' | 'people'> &
  Pick<AnswerSource, 'parts'>;

async function readMapped(on: Sql, ids: string[]): Promise<MappedMovie[]> {
  const rows = await runStatement(
    on,
    sql<{ movie_id: string; part: string; body: Uint8Array }>`
    select movie_id, part, body from movie_parts
    where movie_id = any(${ids}::bigint[]) and part = any(${mappedParts}::text[])`,
  );
  return [...Map.groupBy(rows, ({ movie_id }) => movie_id)].map(([movie_id, parts]) => {
    const json = Object.fromEntries(parts.map(({ part, body }) => [part, JSON.parse(unpackPart(body))]));
    const {
      details = {},
      credits = {},
      translations = {},
      alternative_titles = {},
      release_dates = {},
      images,
      videos = {},
    } = json;
    const { 'watch/providers': providers = {} } = json;
    const releases = parseReleases(release_dates);
    return {
      movie_id,
      translations: parseTranslations(translations),
      alternative_titles: parseTitles(alternative_titles),
      releases,
      posters: mapPosters(images),
      people: parsePeople(credits),
      ...mapTerms({ ...details, ...json }, releases),
      parts: { details, release_dates, videos, providers },
    };
  });
}

/** Those that something is made of. */
const mappedParts: MoviePartName[] = [
  'details',
  'credits',
  'keywords',
  'translations',
  'alternative_titles',
  'release_dates',
  'images',
  'watch/providers',
  'videos',
];

/** With the documents as they are stored, or as `rebuildDocuments` would make them. */
async function readSources(on: Sql, mapped: readonly MappedMovie[]) {
  const ids = mapped.map(({ movie_id }) => movie_id);
  const rows = await runStatement(
    on,
    sql<{ movie_id: string; document: string; collection_names: CollectionNames }>`
    select m.id as movie_id, ${storedNamesColumn} as collection_names, case when d.version = ${documentVersion}::int then d.document else ${documentColumn} end as document
    from movies m left join movie_documents d on d.movie_id = m.id where m.id = any(${ids}::bigint[])`,
  );
  const stored = new Map(rows.map((row) => [row.movie_id, row]));
  return mapped.flatMap((movie) => {
    const row = stored.get(movie.movie_id);
    return row === undefined ? [] : [{ ...movie, ...row }];
  });
}
