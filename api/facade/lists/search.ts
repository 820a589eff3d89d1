import type { Pool } from 'pg';
import { sql } from '#shared/db/sql.ts';
import type { UpstreamSearchOf } from '#shared/search/upstream-search-key.ts';
import { readSearch } from '../../browse/read-search.ts';
import { type Audience, unknownAudience } from '../../movies/audience.ts';
import { lookUpPeople } from '../../people/look-up-people.ts';
import { rankedPeople } from '../../people/people-statements.ts';
import { shortKey } from '../../search/short-key.ts';
import { selectOne } from '../../store/select-one.ts';
import { listOfRows, oldestOf, type ReadMovieRows, withMediaType } from '../rows/movie-rows.ts';
import type { ReadPersonRows } from '../rows/person-rows.ts';
import { type AskedQuery, languageOf, pageOf, pageSize, pageText } from '../wire/asked-query.ts';
import type { Documents } from '../wire/documents.ts';
import type { TmdbCall, TmdbRoute } from '../wire/tmdb-route.ts';
import type { ReadCoverage } from './coverage.ts';
import { mixOf } from './mix.ts';
import { createSearchNames, type NamedKind } from './search-names.ts';
import { type ThinSearches, thinBelow } from './thin-searches.ts';

interface SearchDeps {
  pool: Pool;
  documents: Documents;
  readMovieRows: ReadMovieRows;
  readPersonRows: ReadPersonRows;
  thin: ThinSearches;
  readCoverage: ReadCoverage;
}

interface Range {
  offset: number;
  limit: number;
}

interface Found {
  ids: number[];
  /** As many as can be paged through. */
  total: number;
}

interface Asked {
  text: string;
  year: number | undefined;
  includeAdult: boolean;
}

interface Page {
  results: string;
  total: number;
  fetchedAtMs?: number | undefined;
  /** How many there are in all of each kind that TMDb may know more of. */
  known: Partial<Record<Kind, number>>;
}

type Kind = 'movie' | 'person' | NamedKind;

const named = ['collection', 'company', 'keyword'] as const;

/** Longer than any title: what is beyond is not looked at. */
const longestText = 500;

function askedOf(query: AskedQuery): Asked {
  const year = query.get('primary_release_year') ?? query.get('year') ?? '';
  return {
    text: (query.get('query') ?? '').slice(0, longestText),
    year: /^[1-9]\d{3}$/.test(year) ? Number(year) : undefined,
    includeAdult: query.isTrue('include_adult'),
  };
}

/** Search by relevance, as `/api` ranks it. */
export function searchRoutes(deps: SearchDeps): TmdbRoute[] {
  const { pool, documents, readMovieRows, readPersonRows, thin, readCoverage } = deps;
  const searchNames = createSearchNames(pool);
  const route = (
    kind: string,
    read: (asked: Asked, page: number, language: string) => Promise<Page>,
  ): TmdbRoute => ({
    path: `search/${kind}`,
    answer({ query, addressOf }: TmdbCall) {
      const [asked, page, language] = [askedOf(query), pageOf(query), languageOf(query)];
      const { text, ...others } = asked;
      const key = JSON.stringify([kind, text.length, shortKey(text), others, page, language]);
      return documents.ofMirror(key, async () => {
        const isEmpty = text.trim() === '';
        const found: Page = isEmpty
          ? { results: '[]', total: 0, known: {} }
          : await read(asked, page, language);
        const { fetchedAtMs, known, ...results } = found;
        for (const [kind, total] of Object.entries(known) as [Kind, number][])
          if (total < thinBelow) thin.askFor(upstreamSearchOf(kind, asked), addressOf());
        const made = pageText({ page, ...results, least: isEmpty ? 1 : 0 });
        return { text: made, fetchedAtMs, coverage: await readCoverage() };
      });
    },
  });
  const rangeOf = (page: number): Range => ({ offset: (page - 1) * pageSize, limit: pageSize });
  return [
    route('movie', async (asked, page, language) => {
      const { ids, total } = await findMovies(pool, asked, language, rangeOf(page));
      const rows = await readMovieRows(ids, language);
      return {
        results: listOfRows(ids, rows),
        total,
        fetchedAtMs: rows.fetchedAtMs,
        known: { movie: total },
      };
    }),
    ...named.map((kind) =>
      route(kind, async ({ text }, page) => {
        const found = await searchNames(kind, { text, page });
        return { ...found, known: { [kind]: found.total } };
      }),
    ),
    route('person', async (asked, page, language) => {
      const { ids, total } = await findPeople(pool, asked, rangeOf(page));
      const rows = await readPersonRows(ids, language);
      return {
        results: listOfRows(ids, rows),
        total,
        fetchedAtMs: rows.fetchedAtMs,
        known: { person: total },
      };
    }),
    route('multi', async (asked, page, language) => {
      const { movies, people, order, total, totalOfMovies } = await mixOf(
        rangeOf(page),
        (range) => findMovies(pool, asked, language, range),
        (range) => findPeople(pool, asked, range),
      );
      const [movieRows, personRows] = await Promise.all([
        readMovieRows(movies, language),
        readPersonRows(people, language),
      ]);
      const rows = order.flatMap(({ type, id }) => {
        const row = (type === 'movie' ? movieRows : personRows).get(id);
        return row === undefined ? [] : [withMediaType(type, row)];
      });
      const fetchedAtMs = oldestOf([movieRows.fetchedAtMs, personRows.fetchedAtMs]);
      const known = { movie: totalOfMovies, person: total - totalOfMovies };
      return { results: `[${rows.join(',')}]`, total, fetchedAtMs, known };
    }),
  ];
}

const upstreamSearchOf = (kind: Kind, { text, year }: Asked): UpstreamSearchOf =>
  kind === 'movie' ? { query: text, year } : { kind, query: text };

/** Whose age closes nothing. */
const everybody: Audience = { age: 18, country: null };

async function findMovies(
  pool: Pool,
  asked: Asked,
  language: string,
  { offset, limit }: Range,
): Promise<Found> {
  const audience = asked.includeAdult ? everybody : unknownAudience;
  const filters = { year: asked.year, audience };
  const order = {
    sort: 'relevance',
    order: 'desc',
    position: { before: offset, after: undefined },
    limit,
  } as const;
  const { data, total } = await readSearch(pool, filters, { ...order, language }, asked.text);
  const items = JSON.parse(data) as { tmdb_id: number }[];
  return { ids: items.map(({ tmdb_id }) => tmdb_id), total };
}

const isForEverybody = sql`not exists (select 1 from people a where a.id = n.person_id and a.adult)`;

const findPeople = (pool: Pool, { text, includeAdult }: Asked, { offset, limit }: Range): Promise<Found> =>
  lookUpPeople(pool, text, (asked) =>
    selectOne(
      pool,
      sql<Found>`
        with ${rankedPeople(asked, includeAdult ? sql`true` : isForEverybody)}
        select array(
          select id from ranked order by is_exact desc, score desc, id limit ${limit}::bigint offset ${offset}::bigint
        ) as ids, (select count(*)::int from matched) as total`,
    ),
  );
