import type { Pool } from 'pg';
import { bitsOfCountries } from '#shared/movies/country-bits.ts';
import {
  certificationTerm,
  companyTerm,
  keywordTerm,
  productionTerm,
  providerTerm,
} from '#shared/movies/term-codes.ts';

export interface FixtureMovie {
  tmdb_id: number;
  title?: string;
  original_title?: string | null;
  state?: string;
  popularity?: number | null;
  vote_average?: number | null;
  vote_count?: number | null;
  release_date?: string | null;
  adult?: boolean | null;
  certification?: string | null;
  fetched_at?: string;
  genres?: number[];
  /** Person ids. */
  cast?: number[];
  crew?: number[];
  directors?: number[];
  runtime?: number | null;
  original_language?: string | null;
  /** Of production. */
  countries?: string[];
  keywords?: number[];
  companies?: number[];
  /** By country. */
  providers?: Record<string, number[]>;
  certifications?: Record<string, string>;
}

/** What the worker makes of it. */
function termsOf({ countries, keywords, companies, providers, certifications }: FixtureMovie): number[] {
  return [
    ...(countries ?? []).map(productionTerm),
    ...(keywords ?? []).map(keywordTerm),
    ...(companies ?? []).map(companyTerm),
    ...Object.entries(providers ?? {}).flatMap(([country, ids]) =>
      ids.map((id, at) => providerTerm(country, id, at % 2 === 0 ? 'flatrate' : 'buy')),
    ),
    ...Object.entries(certifications ?? {}).map(([country, name]) => certificationTerm(country, name)),
  ];
}

/** Puts rows there as the worker would, whole and in one go. Genres and people are made as they are named. */
export async function putMovies(pool: Pool, movies: readonly FixtureMovie[]): Promise<void> {
  const rows = movies.map((movie) => ({
    title: `Movie ${movie.tmdb_id}`,
    state: 'detailed',
    adult: false,
    fetched_at: new Date().toISOString(),
    genres: [],
    cast: [],
    crew: [],
    directors: [],
    ...movie,
    country_bits: bitsOfCountries(movie.countries ?? []),
    terms: termsOf(movie),
  }));
  const json = JSON.stringify(rows);
  await pool.query(
    `insert into genres (id, name) select distinct g, 'Genre ' || g
     from json_to_recordset($1) as i(genres int[]), unnest(genres) g on conflict (id) do nothing`,
    [json],
  );
  await pool.query(
    `insert into people (id, name) select distinct p, 'Person ' || p
     from json_to_recordset($1) as i("cast" int[], crew int[], directors int[]),
       unnest("cast" || crew || directors) p on conflict (id) do nothing`,
    [json],
  );
  await pool.query(
    `insert into movies (tmdb_id, state, title, original_title, popularity, vote_average, vote_count, release_date,
       adult, certification, fetched_at, runtime, original_language, country_bits)
     select tmdb_id, state, title, original_title, popularity, vote_average, vote_count, release_date, adult,
       certification, fetched_at, runtime, original_language, nullif(country_bits, 0)
     from json_to_recordset($1) as i(tmdb_id int, state text, title text, original_title text, popularity float8,
       vote_average float8, vote_count int, release_date date, adult boolean, certification text,
       fetched_at timestamptz, runtime int, original_language text, country_bits bigint)`,
    [json],
  );
  await pool.query(
    `insert into movie_terms (movie_id, terms) select m.id, terms
     from json_to_recordset($1) as i(tmdb_id int, terms bigint[]) join movies m on m.tmdb_id = i.tmdb_id`,
    [json],
  );
  await pool.query(
    `insert into movie_releases (movie_id, country, certification) select m.id, r.key, r.value
     from json_to_recordset($1) as i(tmdb_id int, certifications json) join movies m on m.tmdb_id = i.tmdb_id,
     json_each_text(i.certifications) r`,
    [json],
  );
  await pool.query(
    `insert into movie_genres (movie_id, genre_id, position)
     select m.id, g, 0 from json_to_recordset($1) as i(tmdb_id int, genres int[])
     join movies m on m.tmdb_id = i.tmdb_id, unnest(i.genres) g`,
    [json],
  );
  await pool.query(
    `insert into credits (movie_id, credit_id, person_id, kind, job, position)
     select m.id, kind || p || coalesce(job, ''), p, kind, job, 0
     from json_to_recordset($1) as i(tmdb_id int, "cast" int[], crew int[], directors int[])
     join movies m on m.tmdb_id = i.tmdb_id,
     lateral (select 'cast' as kind, unnest(i."cast") as p, null as job union all select 'crew', unnest(i.crew), null
       union all select 'crew', unnest(i.directors), 'Director') c`,
    [json],
  );
}

export interface ListAnswer {
  data: { tmdb_id: number; title: string }[];
  meta: Record<string, unknown>;
}

export const idsOf = ({ data }: ListAnswer): number[] => data.map((movie) => movie.tmdb_id);
