import { castCredit, crewCredit } from './credit-fields.ts';
import type { FamousFilm } from './famous-films.ts';
import { releasedIn } from './generated-details.ts';
import type { Person } from './people.ts';
import { chanceOf, salts } from './random.ts';
import { english, tongues } from './title-words.ts';
import type { WireMovieBase, WireNamed, WireParts, WireRow } from './wire.ts';

/** How a well-known film ranks here is invented: it follows from its id alone. */
function standingOf(id: number) {
  const [fame, mark, votes] = [0, 1, 2].map((turn) => chanceOf(turn, id, salts.famous)) as [
    number,
    number,
    number,
  ];
  return {
    popularity: Math.round((12 + 150 * fame * fame) * 10_000) / 10_000,
    vote_average: Math.round((6.9 + 1.8 * mark) * 1_000) / 1_000,
    vote_count: 1_500 + Math.floor(26_000 * votes),
  };
}

export function famousRow(film: FamousFilm): WireRow {
  const { id } = film;
  return {
    adult: false,
    backdrop_path: `/sandbox-${id}-backdrop.jpg`,
    genre_ids: film.genres.map((genre) => genre.id),
    id,
    original_language: film.language,
    original_title: film.originalTitle,
    overview: film.overview,
    ...standingOf(id),
    poster_path: `/sandbox-${id}-poster.jpg`,
    release_date: film.releaseDate,
    softcore: false,
    title: film.title,
    video: false,
  };
}

export function famousBase(film: FamousFilm): WireMovieBase {
  const { genre_ids, softcore, ...shared } = famousRow(film);
  const tongue = tongues.find(({ language }) => language === film.language) ?? english;
  return {
    ...shared,
    belongs_to_collection: film.collection,
    budget: 0,
    genres: film.genres,
    homepage: '',
    imdb_id: film.imdbId,
    origin_country: [],
    production_companies: [],
    production_countries: [],
    revenue: 0,
    runtime: film.runtime,
    spoken_languages: [{ english_name: tongue.english, iso_639_1: tongue.language, name: tongue.native }],
    status: 'Released',
    tagline: '',
  };
}

function famousPerson({ id, name }: WireNamed, department: string): Person {
  const popularity = Math.round(chanceOf(3, id, salts.famous) * 80_000) / 10_000;
  return { id, name, gender: 0, department, popularity, profilePath: `/sandbox-person-${id}.jpg` };
}

const directing = { job: 'Director', department: 'Directing' };

export function famousCredits(film: FamousFilm): WireParts['credits'] {
  return {
    cast: film.cast.map((player, order) =>
      castCredit(film.id, famousPerson(player, 'Acting'), player.character, order),
    ),
    crew: film.directors.map((director, position) =>
      crewCredit(film.id, famousPerson(director, 'Directing'), directing, position),
    ),
  };
}

export function famousReleases(film: FamousFilm): WireParts['release_dates'] {
  return { results: [releasedIn('US', film.releaseDate, film.certification)] };
}
