import type { EntityManager } from '@mikro-orm/postgresql';
import { empty, type Fragment, raw, sql } from '#shared/db/sql.ts';
import type { KeptLanguages } from '#shared/languages/kept-languages.ts';
import { isAnswered, madeOf } from '#shared/movies/answer-made-of.ts';
import { genreBitsOf } from '#shared/movies/genre-bits.ts';
import { type MirroredValues, mirroredColumns } from '#shared/movies/mirrored-columns.ts';
import type { MovieState } from '#shared/movies/movie.ts';
import { partsVersionOf } from '#shared/movies/parts-version.ts';
import { saveUnlistedGenres } from '#worker/genres/save-genres.ts';
import { carryBytes, placeTypes } from '#worker/store/carry-bytes.ts';
import { recordset } from '#worker/store/recordset.ts';
import { makeAhead } from '#worker/store/run-in-turn.ts';
import { runRepeated } from '#worker/store/run-repeated.ts';
import { writeApart } from '#worker/store/write-apart.ts';
import { notify, type Sql, writeTransaction } from '#worker/store/write-transaction.ts';
import { byId } from '../people/by-id.ts';
import { savePeople } from '../people/save-people.ts';
import type { AnsweredMovie, ListedMovie, NamedId } from '../tmdb/wire/mirrored-movie.ts';
import { parsedPart } from '../tmdb/wire/read-parts.ts';
import { columnListsOf } from './column-lists.ts';
import { keepLostParts } from './keep-lost-parts.ts';
import { answerOfNew, readNamesOf } from './make-answers.ts';
import { shownOfPerson } from './movie-document.ts';
import { planRefreshes, type RefreshTimes } from './plan-refreshes.ts';
import { type MovieIds, replaceChildren } from './replace-children.ts';
import { companiesOf, saveCompanies } from './save-companies.ts';
import { type AwaitedDetails, saveListedMovies } from './save-listed-movies.ts';
import { type PartHashes, packAhead, partHashesOf, saveParts } from './save-parts.ts';
import { saveTerms } from './save-terms.ts';
import { splitTitle } from './split-title.ts';

export interface SaveOptions {
  now: Date;
  /** When TMDb was asked. A change that became known since is not in the answer. By default: when `details` took it up. */
  askedAt?: Date;
  /** A reason to keep them detailed that they may not have had yet (see `scopeRank`). */
  scope?: number | null;
  /** Whose translations are written for texts and search. */
  languages?: KeptLanguages;
  /** What `details` fills by itself: relations that wait for it are not written here. */
  awaited?: AwaitedDetails;
}

export interface SavedMovies {
  created: number;
  updated: number;
  unchanged: number;
}

/**
 * Mirrors movies whole: one transaction and a fixed number of statements for any number of movies. Rows are
 * written in the order of their ids, so that two writers never wait for each other in a circle. An answer that
 * says what we already hold only moves `fetched_at`.
 */
export async function saveMovies(
  em: EntityManager,
  movies: readonly AnsweredMovie[],
  options: SaveOptions,
): Promise<SavedMovies> {
  const distinct = [...new Map(movies.map((movie) => [movie.tmdb_id, movie])).values()].sort(
    (a, b) => a.tmdb_id - b.tmdb_id,
  );
  if (distinct.length === 0) return { created: 0, updated: 0, unchanged: 0 };
  const hashed = distinct.map(withHash);
  return writeTransaction(em, (on) => saveInTransaction(on, hashed, options));
}

type HashedMovie = AnsweredMovie & PartHashes & { content_hash: string };

const withHash = (movie: AnsweredMovie): HashedMovie => ({
  ...movie,
  ...partHashesOf(movie.parts),
  content_hash: contentHash(movie),
});
/**
 * The same, but a movie that the database refuses is lost alone.
 * @param lose is told of it
 */
export async function saveMoviesApart(
  em: EntityManager,
  movies: readonly AnsweredMovie[],
  options: SaveOptions & { lose: (movie: AnsweredMovie, error: unknown) => void },
): Promise<SavedMovies> {
  const saved = await writeApart(movies, (part) => saveMovies(em, part, options), options.lose);
  return saved.reduce(
    (sum, { created, updated, unchanged }) => ({
      created: sum.created + created,
      updated: sum.updated + updated,
      unchanged: sum.unchanged + unchanged,
    }),
    { created: 0, updated: 0, unchanged: 0 },
  );
}

async function saveInTransaction(
  on: Sql,
  answered: HashedMovie[],
  { now, askedAt, scope = null, languages = 'all', awaited }: SaveOptions,
): Promise<SavedMovies> {
  const known = await lockKnownMovies(on, answered);
  const isLossless = answered.every((movie) => movie.parts.lost.length === 0);
  const movies = isLossless ? answered : await keepLostParts(on, answered, withHash);
  const isKnown = ({ tmdb_id, content_hash }: HashedMovie) =>
    known.get(tmdb_id)?.content_hash === content_hash;
  const changed = movies.filter((movie) => !isKnown(movie));
  const unchanged = movies.filter(isKnown);
  const hasNewParts = ({ tmdb_id, parts_hash }: HashedMovie) =>
    parts_hash === null || known.get(tmdb_id)?.parts_hash !== parts_hash;
  const withNewParts = movies.filter(hasNewParts);
  const packed = packAhead(movies.filter(({ tmdb_id }) => !known.has(tmdb_id)));
  const isRenewed = (movie: HashedMovie) => hasNewParts(movie) || !known.get(movie.tmdb_id)?.has_answer;
  const renewed = unchanged.filter(isRenewed);
  await saveNamed(
    on,
    'collections',
    changed.flatMap((movie) => movie.collection ?? []),
  );
  const withNewAnswer = [...changed, ...renewed];
  const names = await readNamesOf(
    on,
    withNewAnswer.flatMap(({ collection }) => collection?.id ?? []),
  );
  const answers = makeAhead(withNewAnswer, (movie) => answerOfNew(movie, { kept: languages, names }));
  const written = { now, askedAt, dueAt: await planRefreshes(on, movies, now) };
  await touch(
    on,
    unchanged.filter((movie) => !isRenewed(movie)),
    written,
  );
  const replaced =
    changed.length > 0
      ? await writeChanged(on, changed, { ...written, scope, languages, answers })
      : undefined;
  await touch(on, renewed, { ...written, answers: (await answers).slice(changed.length) });
  // Also of unchanged ones: what is known of a relation must not grow older than the movie that names it.
  const { ids: related } = await saveListedMovies(on, relatedOf(movies), { scope: null, now, awaited });
  if (replaced !== undefined) await replaceChildren(on, changed, { ...replaced, related, kept: languages });
  const knownIds = [...known].map(([tmdb_id, { id }]) => [tmdb_id, id] as const);
  const all = new Map([...knownIds, ...(replaced?.ids ?? [])]);
  await saveParts(on, withNewParts, {
    ids: all,
    packed: await packed,
    isNew: replaced?.isNew === true && known.size === 0,
  });
  await saveTerms(
    on,
    withNewParts.map(({ tmdb_id, terms }) => ({ movie_id: all.get(tmdb_id) ?? '', terms })),
  );
  await saveCompanies(
    on,
    movies.flatMap(({ parts }) => companiesOf(parsedPart(parts, 'details'))),
    now,
  );
  await runRepeated(
    on,
    sql`delete from movie_absences where tmdb_id = any(${movies.map((movie) => movie.tmdb_id)}::int[])`,
  );
  await notify(on, { kind: 'movies', ids: movies.map((movie) => movie.tmdb_id) });
  const updated = changed.filter((movie) => known.has(movie.tmdb_id)).length;
  return { created: changed.length - updated, updated, unchanged: unchanged.length };
}

/** Of a hundred movies these are thousands: to join the lists costs a tenth of going through them. */
const relatedOf = (movies: readonly AnsweredMovie[]): ListedMovie[] =>
  ([] as ListedMovie[]).concat(
    ...movies.map(({ recommendations }) => recommendations),
    ...movies.map(({ similar }) => similar),
  );

/** What is detailed already, by tmdb_id; the rows stay locked until the transaction ends. */
async function lockKnownMovies(on: Sql, movies: HashedMovie[]): Promise<Map<number, KnownMovie>> {
  const rows = await runRepeated(
    on,
    sql<KnownMovie & { tmdb_id: number }>`
    select id, tmdb_id, content_hash, parts_hash, coalesce(${isAnswered('movies')}, false) as has_answer from movies
    where tmdb_id = any(${movies.map((movie) => movie.tmdb_id)}::int[]) and state = 'detailed'
    order by tmdb_id for no key update`,
  );
  return new Map(rows.map((row) => [row.tmdb_id, row]));
}

interface KnownMovie {
  id: string;
  content_hash: string | null;
  parts_hash: string | null;
  /** One that is up to date. */
  has_answer: boolean;
}

/**
 * Those that are known by their id or from lists alone, locked: nobody gives them content meanwhile. Not before people
 * are written: who writes the same people first would wait for these movies as related ones, and each for the other.
 */
async function lockEmptyMovies(on: Sql, movies: HashedMovie[]): Promise<ReadonlyMap<number, MovieState>> {
  const rows = await runRepeated(
    on,
    sql<{ tmdb_id: number; state: MovieState }>`
    select tmdb_id, state from movies
    where tmdb_id = any(${movies.map((movie) => movie.tmdb_id)}::int[]) and content_hash is null and state <> 'detailed'
    order by tmdb_id for no key update`,
  );
  return new Map(rows.map(({ tmdb_id, state }) => [tmdb_id, state]));
}

/** Since when it is known that the movie changed after TMDb was asked: then it is asked for again. */
const changeAfter = (askedAt: Date | undefined, now: Date) =>
  sql`case when m.changed_at > coalesce(${askedAt ?? null}::timestamptz, m.attempted_at, ${now})
    and m.changed_at <= ${now} then m.changed_at end`;

/** @param times.answers of movies whose parts or answer are to be written, too */
async function touch(
  on: Sql,
  movies: readonly HashedMovie[],
  { now, askedAt, dueAt, answers }: WriteTimes & { answers?: readonly MadeAnswer[] },
) {
  if (movies.length === 0) return;
  const carried = answers && carryBytes(answers);
  const rows = movies.map(({ tmdb_id, parts_hash, country_bits }, index) => ({
    tmdb_id,
    refresh_due_at: dueAt.get(tmdb_id)?.toISOString(),
    ...(carried && { parts_hash, country_bits, ...carried.places[index] }),
  }));
  const renewal =
    carried &&
    sql`, parts_hash = i.parts_hash, country_bits = i.country_bits, answer = ${carried.text},
      answer_made_of = ${madeOfRow(sql`m.content_hash`, sql`m.parts_version`)}`;
  await runRepeated(
    on,
    sql`
    update movies m set fetched_at = ${now}, updated_at = ${now}, attempted_at = null,
      changed_at = ${changeAfter(askedAt, now)}, refresh_due_at = i.refresh_due_at${renewal ?? empty}
    from ${recordset(rows, {
      tmdb_id: 'int',
      refresh_due_at: 'timestamptz',
      parts_hash: 'bigint',
      country_bits: 'bigint',
      ...placeTypes,
    })}
    where m.tmdb_id = i.tmdb_id`,
  );
  // Their people were named again, too; a week's lag is far inside what TMDb's terms allow.
  await runRepeated(
    on,
    sql`
    update people set fetched_at = ${now} where id in (
      select id from people where id = any(${peopleIds(movies)}::int[])
        and fetched_at < ${now}::timestamptz - interval '7 days' order by id for update)`,
  );
}

type MadeAnswer = ReturnType<typeof answerOfNew>;

/** Of a row `i` that carries an answer. */
const madeOfRow = (content_hash: Fragment, parts_version: Fragment) =>
  sql`case when i.size is not null then ${madeOf({ content_hash, parts_hash: sql`i.parts_hash`, parts_version })} end`;

interface WriteTimes {
  now: Date;
  askedAt: Date | undefined;
  dueAt: RefreshTimes;
}

type WriteOptions = WriteTimes &
  Required<Pick<SaveOptions, 'scope' | 'languages'>> & { answers: Promise<readonly MadeAnswer[]> };

interface WrittenMovies {
  ids: MovieIds;
  /** None of them had content of its own before. */
  isNew: boolean;
  /** Some may have genres, from lists. */
  hasGenres: boolean;
}

async function writeChanged(on: Sql, movies: HashedMovie[], options: WriteOptions): Promise<WrittenMovies> {
  await saveUnlistedGenres(
    on,
    movies.flatMap((movie) => movie.genres),
  );
  await saveNamed(
    on,
    'keywords',
    movies.flatMap((movie) => movie.keywords),
  );
  await savePeople(
    on,
    movies.flatMap((movie) => movie.people),
    options.now,
  );
  // The movies themselves first: a relation that points at one of them then finds it detailed and leaves it alone.
  const empty = await lockEmptyMovies(on, movies);
  const written = await upsertMovies(on, movies, options);
  return {
    ids: new Map(written.map(({ tmdb_id, id }) => [tmdb_id, id])),
    isNew: written.every(({ tmdb_id, created }) => created || empty.has(tmdb_id)),
    hasGenres: written.some(({ tmdb_id, created }) => !created && empty.get(tmdb_id) !== 'unknown'),
  };
}

export async function saveNamed(on: Sql, table: 'keywords' | 'collections', named: readonly NamedId[]) {
  const rows = byId(named);
  if (rows.length === 0) return;
  await runRepeated(
    on,
    sql`
    insert into ${raw(table)} as t (id, name)
    select i.id, i.name from json_to_recordset(${JSON.stringify(rows)}::json) as i(id int, name text)
    where not exists (select 1 from ${raw(table)} k where k.id = i.id and k.name = i.name)
    order by i.id
    on conflict (id) do update set name = excluded.name where t.name <> excluded.name`,
  );
}

const { names, values, arrayTypes, replacements } = columnListsOf(mirroredColumns);

interface UpsertedMovie {
  id: string;
  tmdb_id: number;
  created: boolean;
}

async function upsertMovies(
  on: Sql,
  movies: HashedMovie[],
  { now, askedAt, dueAt, scope, languages, answers }: WriteOptions,
): Promise<UpsertedMovie[]> {
  const { places, text: answer } = carryBytes((await answers).slice(0, movies.length));
  const rows = movies.map((movie, index) => ({
    ...rowOf(movie),
    ...places[index],
    refresh_due_at: dueAt.get(movie.tmdb_id)?.toISOString(),
  }));
  const partsVersion = sql`${partsVersionOf(languages)}::int`;
  return runRepeated(
    on,
    sql<UpsertedMovie>`
    insert into movies as m (tmdb_id, state, scope, ${names}, genre_bits, country_bits, content_hash, parts_hash, parts_version,
      answer, answer_made_of, refresh_due_at, fetched_at, updated_at)
    select i.tmdb_id, 'detailed', ${scope}::smallint, ${values}, (select ${raw(genreBitsOf('id'))} from unnest(i.genre_ids::int[]) as id),
      i.country_bits, i.content_hash, i.parts_hash, ${partsVersion}, ${answer},
      ${madeOfRow(sql`i.content_hash`, partsVersion)}, i.refresh_due_at,
      ${now}, ${now}
    from ${recordset(rows, {
      tmdb_id: 'int',
      genre_ids: 'text',
      country_bits: 'bigint',
      content_hash: 'text',
      parts_hash: 'bigint',
      refresh_due_at: 'timestamptz',
      ...placeTypes,
      ...arrayTypes,
    })}
    order by i.tmdb_id
    on conflict (tmdb_id) do update set state = 'detailed', scope = least(m.scope, excluded.scope), ${replacements},
      genre_bits = excluded.genre_bits, country_bits = excluded.country_bits, content_hash = excluded.content_hash, parts_hash = excluded.parts_hash, parts_version = excluded.parts_version,
      answer = excluded.answer, answer_made_of = excluded.answer_made_of,
      refresh_due_at = excluded.refresh_due_at, fetched_at = excluded.fetched_at, updated_at = excluded.updated_at,
      attempted_at = null, changed_at = ${changeAfter(askedAt, now)}, gone_at = null
    returning id, tmdb_id, (xmax = 0) as created`,
  );
}

/** The answer as a row: with every column of the table, or it does not compile. */
function rowOf({
  credits,
  people,
  keywords,
  genres,
  recommendations,
  similar,
  collection,
  translations,
  alternative_titles,
  releases,
  posters,
  terms,
  parts,
  part_hashes,
  trailers,
  ...values
}: HashedMovie): MirroredValues &
  Pick<HashedMovie, 'tmdb_id' | 'content_hash' | 'parts_hash' | 'country_bits'> & { genre_ids: string } {
  return {
    ...values,
    ...splitTitle(values.title),
    trailers: JSON.stringify(trailers),
    collection_id: collection?.id ?? null,
    genre_ids: `{${genres.map(({ id }) => id).join()}}`,
  };
}

/** As PostgreSQL writes arrays: of the driver, thousands take several times as long. */
const peopleIds = (movies: readonly HashedMovie[]) =>
  `{${movies.flatMap((movie) => movie.people.map((person) => person.id)).join()}}`;

/**
 * Over all that is mirrored of the movie itself, apart from the parts as they were sent and what is written with them,
 * which have hashes of their own, and all that is shown of its people. Its relations count by id. What
 * documents hold of that may change later: their version says so, not this hash.
 */
function contentHash({ parts: _, terms: __, country_bits: ___, ...movie }: AnsweredMovie): string {
  const own = {
    ...movie,
    people: movie.people.map((person) => Object.values(shownOfPerson(person))),
    recommendations: movie.recommendations.map((related) => related.tmdb_id),
    similar: movie.similar.map((related) => related.tmdb_id),
  };
  return new Bun.CryptoHasher('md5').update(JSON.stringify(own)).digest('hex');
}
