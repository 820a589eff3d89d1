import { type MirroredColumn, mirrored, mirroredColumns } from '#shared/movies/mirrored-columns.ts';
import type { MoviePartName } from '#shared/movies/movie-parts.ts';
import type { AnsweredMovie, ListedMovie, MirroredMovie } from '#worker/tmdb/wire/mirrored-movie.ts';

/** A list's row, as a test needs it. */
export function listedMovie(tmdb_id: number, changes: Partial<ListedMovie> = {}): ListedMovie {
  return {
    tmdb_id,
    title: `Movie ${tmdb_id}`,
    original_title: `Movie ${tmdb_id}`,
    original_language: 'en',
    overview: `What happens in movie ${tmdb_id}.`,
    release_date: '2001-02-03',
    poster_path: `/p${tmdb_id}.jpg`,
    backdrop_path: null,
    genre_ids: [18],
    popularity: 10 + tmdb_id / 1000,
    vote_average: 7.5,
    vote_count: 100,
    adult: false,
    ...changes,
  };
}

/** Full details, as a test needs them: two people in the cast, a director, two genres, two keywords. */
export function mirroredMovie(tmdb_id: number, changes: Partial<AnsweredMovie> = {}): AnsweredMovie {
  const { genre_ids: _, ...listed } = listedMovie(tmdb_id);
  return {
    ...listed,
    tagline: 'It happens.',
    runtime: 101,
    status: 'Released',
    imdb_id: `tt${String(tmdb_id).padStart(7, '0')}`,
    homepage: null,
    budget: 1_000_000,
    revenue: 2_923_706_026,
    certification: 'PG-13',
    collection: { id: 9000, name: 'A Collection' },
    trailers: [{ site: 'YouTube', key: `key${tmdb_id}`, name: 'Trailer' }],
    genres: [
      { id: 18, name: 'Drama' },
      { id: 53, name: 'Thriller' },
    ],
    keywords: [
      { id: 1, name: 'one' },
      { id: 2, name: 'two' },
    ],
    people: [person(1, 'Ada Actor'), person(2, 'Ben Actor'), person(3, 'Dora Director')],
    credits: [
      credit(`${tmdb_id}-a`, 1, { character: 'Hero', order: 0, position: 0 }),
      credit(`${tmdb_id}-b`, 2, { character: 'Friend', order: 1, position: 1 }),
      credit(`${tmdb_id}-d`, 3, { kind: 'crew', department: 'Directing', job: 'Director', position: 0 }),
    ],
    recommendations: [],
    similar: [],
    translations: [],
    alternative_titles: [],
    releases: [],
    posters: [],
    terms: [],
    country_bits: null,
    parts: answeredParts({ details: JSON.stringify({ id: tmdb_id }) }),
    ...changes,
  };
}

/** The parts of an answer, as a test needs them. */
export const answeredParts = (
  texts: Partial<Record<MoviePartName, string>>,
  lost: AnsweredMovie['parts']['lost'] = [],
): AnsweredMovie['parts'] => ({ texts: new Map(Object.entries(texts) as [MoviePartName, string][]), lost });

/** Details that leave no column and no table empty; of another `edition` every column says something else. */
export function fullMovie(tmdb_id: number, edition = 1): AnsweredMovie {
  const values = {
    text: `edition ${edition}`,
    date: `200${edition}-02-03`,
    int: edition,
    bigint: 3_000_000_000 + edition,
    float8: edition + 0.5,
    boolean: edition % 2 === 1,
    jsonb: [{ site: 'YouTube', key: `key ${edition}`, name: `Trailer ${edition}` }],
  };
  const columns = mirroredColumns.map((column: MirroredColumn) => [column, values[mirrored[column].column]]);
  return mirroredMovie(tmdb_id, {
    ...Object.fromEntries(columns),
    title: `${edition}映画`.repeat(150),
    collection: { id: 9000 + edition, name: `Collection ${edition}` },
    recommendations: [listedMovie(tmdb_id + 1)],
    translations: [
      {
        language: 'de-DE',
        title: `Titel ${edition}`,
        overview: `Inhalt ${edition}`,
        tagline: null,
        homepage: null,
        runtime: 100 + edition,
      },
    ],
    alternative_titles: [{ country: 'FR', title: `Titre ${edition}`, type: null }],
    releases: [
      { country: 'DE', release_date: `200${edition}-03-04`, certification: '12', min_age: 10 + edition },
    ],
    posters: [{ language: 'de', path: `/de${edition}.jpg` }],
    terms: [edition],
    country_bits: String(edition),
  });
}

export function person(id: number, name: string): MirroredMovie['people'][number] {
  return {
    id,
    name,
    profile_path: `/f${id}.jpg`,
    known_for_department: 'Acting',
    popularity: 5,
    gender: 2,
    original_name: name,
    adult: false,
  };
}

export function credit(
  credit_id: string,
  person_id: number,
  changes: Partial<MirroredMovie['credits'][number]> = {},
): MirroredMovie['credits'][number] {
  return {
    credit_id,
    person_id,
    kind: 'cast',
    character: null,
    department: null,
    job: null,
    order: null,
    position: 0,
    ...changes,
  };
}
