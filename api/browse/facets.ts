import { type Fragment, raw, sql } from '#shared/db/sql.ts';
import { countriesWithBits } from '#shared/movies/country-bits.ts';
import { genreBitOf } from '#shared/movies/genre-bits.ts';
import type { GenreNames } from '../localization/genre-names.ts';
import type { MovieFacets } from './model.ts';

/** So many are counted one by one; of more it is not said what they have. */
export const mostCounted = 10_000;

/** Movies with the same bits are one pair of the bits and their number. */
export interface StoredFacets {
  genres: { id: number; name: string; count: number }[] | null;
  countries: [bits: string, count: number][] | null;
  languages: [code: string, count: number][] | null;
  years: [year: number, count: number][] | null;
}

/** What `facetsOf` counts, over `movies m`. */
export const facetColumns = raw('m.genre_bits, m.country_bits, m.original_language, m.release_date');

/**
 * One column: how many of the movies of a common table expression have what, or null where they are too many.
 * @param name its name; it has `id` and `facetColumns`
 */
export function facetsOf(name: string): Fragment {
  const source = raw(name);
  const pairs = (value: string, from: string) => sql`(
        select json_agg(json_build_array(value, count) order by count desc, value) from (
          select ${raw(value)} as value, count(*)::int as count from ${source} c where ${raw(from)} is not null group by 1
        ) counted)`;
  return sql`case when (select count(*) from ${source}) <= ${mostCounted}::bigint then json_build_object(
      'genres', (select json_agg(row_to_json(n) order by n.count desc, n.id) from (${genresOf(source)}) n where n.count > 0),
      'countries', ${pairs('c.country_bits::text', 'c.country_bits')},
      'languages', ${pairs('c.original_language', 'c.original_language')},
      'years', ${pairs('extract(year from c.release_date)::int', 'c.release_date')}
    ) end as facets`;
}

/**
 * By their bits; those that share one with another genre as they are stored. `offset 0`: each is counted once, and not
 * again where the count is looked at.
 */
const genresOf = (source: Fragment): Fragment => sql`
        select g.id, g.name, case
          when exists (select 1 from genres o where o.id <> g.id and ${raw(genreBitOf('o.id'))} = ${raw(genreBitOf('g.id'))})
          then (select count(*)::int from movie_genres s join ${source} c on c.id = s.movie_id
            where s.genre_id = g.id and c.genre_bits & (1::bigint << ${raw(genreBitOf('g.id'))}) > 0)
          else (select coalesce(sum(b.count), 0)::int from bits b where b.genre_bits & (1::bigint << ${raw(genreBitOf('g.id'))}) > 0)
          end as count
        from genres g
        offset 0`;

/** The common table expression that `facetsOf` looks into. */
export const facetBits = (name: string): Fragment =>
  sql`bits as materialized (select genre_bits, count(*) as count from ${raw(name)} group by 1)`;

/** As they are shown. @param names of genres in the language */
export function shownFacets(stored: StoredFacets, names: GenreNames): MovieFacets {
  const byCountry = countriesWithBits.map((iso_3166_1, bit) => ({
    iso_3166_1,
    count: (stored.countries ?? []).reduce(
      (sum, [bits, count]) => ((BigInt(bits) >> BigInt(bit)) & 1n ? sum + count : sum),
      0,
    ),
  }));
  return {
    genres: (stored.genres ?? []).map(({ id, name, count }) => ({ id, name: names.get(id) ?? name, count })),
    countries: byCountry.filter(({ count }) => count > 0).sort((one, other) => other.count - one.count),
    original_languages: (stored.languages ?? []).map(([iso_639_1, count]) => ({ iso_639_1, count })),
    years: (stored.years ?? []).map(([year, count]) => ({ year, count })),
  };
}
