import type pg from 'pg';
import { countriesWithBits } from '#shared/movies/country-bits.ts';
import { genreBitsOf } from '#shared/movies/genre-bits.ts';
import {
  certificationTerm,
  companyTerm,
  keywordTerm,
  offerTerm,
  originTerm,
  productionTerm,
  providerTerm,
  releaseTerm,
  releaseTypes,
} from '#shared/movies/term-codes.ts';
import type { Database } from '#shared/orm/database.ts';
import { onClient } from '../bench-postgres.ts';
import { withClient } from '../write/copy.ts';
import { withoutIndexes } from '../write/without-indexes.ts';
import { titleInventor } from './invent-title.ts';
import { inventOtherTitles, type OtherTitles } from './other-titles.ts';

const batch = 20_000;
/** Everybody is in two casts on average, and one movie in two hundred is adult. */
const castSize = 2;
const collections = 5000;
const keywords = 20_000;
/** Of a title or a name. */
const mostCharacters = 255;

/** How many at once write, each a batch of its own. */
const lanes = 2;

/**
 * Fills movies, people and casts up to `count` each, with titles and names mixed from the words of real ones, so that
 * words are as common and as rare as they are there. Numbers are made from the ids: every run has the same.
 */
export async function fillCatalogue(
  database: Database,
  options: {
    count: number;
    titles: readonly string[];
    names: readonly string[];
    /** In so many languages each detailed movie has a title of its own. */
    languages?: number;
  },
): Promise<void> {
  const { count, titles, names, languages = 0 } = options;
  const { clientConfig } = database;
  const texts = { titles: givenFirst(titles), names: givenFirst(names) };
  await withClient(clientConfig, async (client) => {
    await client.query("insert into genres (id, name) select g, 'Genre ' || g from generate_series(1, 19) g");
    await client.query(
      `insert into keywords (id, name) select k, 'keyword ' || k from generate_series(1, ${keywords}) k`,
    );
    const ids = Array.from({ length: collections }, (_, at) => at + 1);
    await client.query(collectionsText, [
      ids,
      ids.map((id) => `${texts.titles(count + id).slice(0, 200)} Collection`),
    ]);
  });
  await withoutIndexes(clientConfig, filledTables, async () => {
    const batches = slicesOf(count);
    const otherTitles = inventOtherTitles(titles, languages);
    await inLanes(clientConfig, batches, (client, slice) =>
      fillSlice(client, slice, { ...texts, otherTitles }),
    );
    await inLanes(clientConfig, batches, fillFindable);
    await onClient(clientConfig, manyFilmsText, ...wordsTexts);
    await withClient(clientConfig, otherTitles.fillWords);
  });
  await onClient(clientConfig, 'vacuum analyze', 'checkpoint');
}

interface Slice {
  from: number;
  to: number;
}

const slicesOf = (count: number): Slice[] =>
  Array.from({ length: Math.ceil(count / batch) }, (_, at) => ({
    from: at * batch + 1,
    to: Math.min(count, (at + 1) * batch),
  }));

/** Every connection takes the next slice when it is done with one. */
async function inLanes(
  config: pg.ClientConfig,
  slices: readonly Slice[],
  work: (client: pg.Client, slice: Slice) => Promise<void>,
): Promise<void> {
  const left = slices.values();
  const lane = () =>
    withClient(config, async (client) => {
      // Set by set below, which is faster than row by row; the rows are right by construction.
      await client.query('set session_replication_role = replica');
      for (const slice of left) await work(client, slice);
    });
  await Promise.all(Array.from({ length: lanes }, lane));
}

async function fillSlice(
  client: pg.Client,
  { from, to }: Slice,
  { titles, names, otherTitles }: { titles: TextOf; names: TextOf; otherTitles: OtherTitles },
): Promise<void> {
  const ids = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  await client.query(moviesText, [ids, ids.map(titles)]);
  await client.query(peopleText, [ids, ids.map(names)]);
  await client.query(termsText, [from, to, ...termValues]);
  await client.query(childrenText, [from, to, castSize]);
  await otherTitles.fill(client, ids);
}

/** What the triggers would have written. */
async function fillFindable(client: pg.Client, { from, to }: Slice): Promise<void> {
  await client.query(movieTitlesText, [from, to]);
  await client.query(personNamesText, [from, to]);
}

type TextOf = (id: number) => string;

/** The given texts first, then invented ones; none longer than its column. */
function givenFirst(given: readonly string[]): TextOf {
  const invent = titleInventor(given);
  return (id) => (given[id - 1] ?? invent(id)).slice(0, mostCharacters).toWellFormed();
}

const movieTitlesText = `
  insert into movie_titles (movie_id, tmdb_id, title_key, words, version)
  select m.id, m.tmdb_id, search_key(folded), array_to_tsvector(search_words(folded) || search_renown(popularity, vote_count)),
    search_version()
  from (select id, tmdb_id, popularity, vote_count, search_text(title) as folded from movies
    where tmdb_id between $1 and $2 offset 0) m`;

const personNamesText = `
  insert into person_names (person_id, name_key, words, version, renown)
  select p.id, search_key(folded), array_to_tsvector(search_words(folded)), search_version(), person_renown(popularity)
  from (select id, popularity, search_text(name) as folded from people where id between $1 and $2 offset 0) p`;

const wordsTexts = [
  ['title_words', 'movie_titles'],
  ['name_words', 'person_names'],
].map(
  ([words, table]) => `insert into ${words} (word, writer)
    select distinct word, 0 from ${table}, unnest(tsvector_to_array(words)) as word
    where length(word) between 3 and 30 and word !~ '^([=#]|[0-9]+$)' on conflict do nothing`,
);

/** This one has far more films than anybody else: up to two thousand, some directed. */
export const busyPerson = 7;
const manyFilmsText = `
  insert into credits (movie_id, credit_id, person_id, kind, job, position)
  select id, 'busy', ${busyPerson}, case when n % 5 > 0 then 'cast' else 'crew' end, case when n % 5 = 0 then 'Director' end, 9
  from (select id, row_number() over (order by hashint4(tmdb_id)) as n from movies order by hashint4(tmdb_id) limit 2000) m`;

const collectionsText = `
  with made as (
    insert into collections (id, name) select id, name from unnest($1::int[], $2::text[]) as i(id, name) returning id, name
  )
  select put_collection_name(id, language, name || ' ' || language) from made, unnest(array['de-DE', 'fr-FR', 'ja-JP']) as language`;

/** Their indexes are made when the rows are there, which takes a fraction of the time. */
const filledTables = [
  ...['movies', 'movie_genres', 'movie_keywords', 'credits', 'people'],
  ...['movie_releases', 'movie_terms', 'movie_translations'],
  ...['movie_titles', 'person_names', 'movie_other_titles', 'title_words', 'name_words', 'other_title_words'],
];

/** Few are known to many: popularity falls as it does in the real catalogue. `hashint4` stands in for chance. */
const chance = (id: string, salt: number | string) =>
  `((hashint4extended(${id}, ${salt}) & 1048575) / 1048576.0)`;

/** The nth genre of a movie. */
const genreOf = (id: string) => `(1 + (power(${chance(id, 12)}, n) * 19)::int % 19)`;

/** Of the list of `country-bits.ts`: the first ones make most of the films. */
const placeOf = (id: string) => `least(59, (power(${chance(id, 31)}, 5) * 60)::int)`;

const moviesText = `
  insert into movies (tmdb_id, state, title, original_title, overview, release_date, popularity, vote_average,
    vote_count, adult, certification, genre_bits, country_bits, original_language, runtime, revenue, collection_id, fetched_at)
  select id, case when ${chance('id', 1)} < 0.5 then 'detailed' else 'listed' end, title, title,
    repeat('What happens in this film is told here. ', 7),
    case when ${chance('id', 2)} < 0.97 then date '1920-01-01' + (power(${chance('id', 3)}, 0.4) * 38000)::int end,
    case when ${chance('id', 4)} < 0.99 then round((0.3 / power(${chance('id', 5)} + 0.0001, 0.6))::numeric, 3) end,
    round((${chance('id', 6)} * 10)::numeric, 1), (1 / (${chance('id', 7)} + 0.0001) - 1)::int,
    ${chance('id', 8)} < 0.005,
    case when ${chance('id', 9)} < 0.2 then (array['G', 'PG', 'PG-13', 'R', 'NC-17'])[1 + (${chance('id', 10)} * 5)::int % 5] end,
    (select ${genreBitsOf(genreOf('id'))} from generate_series(1, 3) n), 1::bigint << ${placeOf('id')},
    (array['en', 'fr', 'en', 'de', 'ja', 'hi', 'it', 'es', 'cn', 'pt', 'ko'])[1 + least(10, ${placeOf('id')})],
    60 + (${chance('id', 30)} * 95)::int,
    case when ${chance('id', 37)} < 0.03 then (1000 / (${chance('id', 38)} + 0.0001))::bigint * 1000 end,
    case when ${chance('id', 35)} < 0.02 then 1 + (${chance('id', 36)} * ${collections - 1})::int end, now()
  from unnest($1::int[], $2::text[]) as i(id, title)`;

const peopleText = `
  insert into people (id, name, profile_path, popularity)
  select id, name, '/p.jpg', round((0.6 / power(${chance('id', 11)} + 0.0005, 0.6))::numeric, 3)
  from unnest($1::int[], $2::text[]) as i(id, name)`;

const childrenText = `
  with m as (select id, tmdb_id from movies where tmdb_id between $1::int and $2::int),
  g as (
    insert into movie_genres (movie_id, genre_id, position)
    select m.id, ${genreOf('m.tmdb_id')}, min(n)
    from m cross join generate_series(1, 3) n group by 1, 2
  )
  insert into credits (movie_id, credit_id, person_id, kind, position)
  select m.id, 'c' || n, 1 + ((hashint4extended(m.tmdb_id, 20 + n) & 2147483647) % $2::int), 'cast', n
  from m cross join generate_series(1, $3::int) n`;

/** A few are had by many: the first keyword by one movie in fourteen, the first company by one in forty. */
const drawn = (salt: string, of: number) =>
  `(1 + floor(power(${chance('m.tmdb_id', salt)}, 2.5) * ${of}))::bigint`;

/** One of the sixty countries with bits, each as often as any other. */
const anyPlace = (salt: string) => `(1 + (${chance('m.tmdb_id', salt)} * 59)::int % 60)`;

/** The same numbers as those of `term-codes.ts`, from one of them each. Providers offer three movies in ten. */
const termsText = `
  with m as (select id, tmdb_id from movies where tmdb_id between $1::int and $2::int),
  words as (select distinct m.id, ${drawn('40 + n', keywords)} as word from m cross join generate_series(1, 5) n),
  terms as (
    select id, $3::bigint + word as term from words
    union all select m.id, $4::bigint + ${drawn('50 + n', 10_000)} from m cross join generate_series(1, 2) n
    union all select m.id, unnest(array[
      ($5::bigint[])[1 + ${placeOf('m.tmdb_id')}], ($8::bigint[])[1 + ${placeOf('m.tmdb_id')}]
    ]) from m
    union all select m.id, unnest(array[
      ($6::bigint[])[${anyPlace('60 + n')}] + ${drawn('80 + n', 100)}, ($9::bigint[])[${anyPlace('60 + n')}]
    ]) from m cross join generate_series(1, 12) n where ${chance('m.tmdb_id', 32)} < 0.3
    union all select m.id, ($7::bigint[])[1 + (${chance('m.tmdb_id', 33)} * 4)::int] from m where ${chance('m.tmdb_id', 34)} < 0.3
    union all select m.id, unnest(array[
      ($10::bigint[])[type], ($11::bigint[])[(type - 1) * 60 + 1 + ${placeOf('m.tmdb_id')}]
    ]) from m cross join generate_series(1, 6) type
      where ${chance('m.tmdb_id', '90 + type')} < (array[0.1, 0.05, 0.7, 0.3, 0.15, 0.1])[type]
  ),
  releases as (
    insert into movie_releases (movie_id, country, certification, release_date)
    select m.id, 'DE', '12', date '1950-01-01' + (${chance('m.tmdb_id', 39)} * 27000)::int
    from m where ${chance('m.tmdb_id', 34)} < 0.3
  ),
  kept as (
    insert into movie_keywords (movie_id, keyword_id, position)
    select id, word, row_number() over (partition by id order by word) from words
  )
  insert into movie_terms (movie_id, terms) select id, array_agg(distinct term) from terms group by id`;

const termValues = [
  keywordTerm(0),
  companyTerm(0),
  countriesWithBits.map(productionTerm),
  countriesWithBits.map((country) => providerTerm(country, 0, 'flatrate')),
  ['0', '6', '12', '16', '18'].map((name) => certificationTerm('DE', name)),
  countriesWithBits.map(originTerm),
  countriesWithBits.map((country) => offerTerm(country, 'flatrate')),
  releaseTypes.map((type) => releaseTerm(type)),
  releaseTypes.flatMap((type) => countriesWithBits.map((country) => releaseTerm(type, country))),
];
