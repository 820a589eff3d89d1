import { castCredit, crewCredit } from './credit-fields.ts';
import type { FamousFilm } from './famous-films.ts';
import { releasedIn } from './generated-details.ts';
import type { Subject } from './local-parts.ts';
import { certificationsElsewhere, locales, otherCountries } from './locales.ts';
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
    origin_country: [tongue.country],
    production_companies: [],
    production_countries: [{ iso_3166_1: tongue.country, name: tongue.countryName }],
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
  const elsewhere = certificationsElsewhere[film.certification] ?? [];
  return {
    results: [
      releasedIn('US', film.releaseDate, film.certification),
      ...otherCountries.map((country, place) =>
        releasedIn(country, daysAfter(film.releaseDate, 7 * (place + 1)), elsewhere[place] ?? ''),
      ),
    ],
  };
}

const daysAfter = (date: string, days: number) =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

export function famousSubject({ language, directors, cast }: FamousFilm, base: WireMovieBase): Subject {
  const tongue = tongues.find((known) => known.language === language) ?? english;
  const about = { director: directors[0]?.name ?? '', cast: cast.slice(0, 2).map(({ name }) => name) };
  return { base, tongue, isFamous: true, about };
}

/** A trailer in English and in each of the languages that famous films are translated into. */
export function famousVideos({ id, title }: FamousFilm): WireParts['videos'] {
  const tongues = [{ language: 'en', country: 'US' }, ...locales];
  const results = tongues.map(({ language, country }, place) => ({
    iso_639_1: language,
    iso_3166_1: country,
    name: `${title} | Trailer (${language})`,
    key: `sandbox-${id}-${language}`,
    site: 'YouTube',
    size: 1080,
    type: 'Trailer',
    official: true,
    published_at: '2020-01-01T12:00:00.000Z',
    id: `${id.toString(16).padStart(20, '0')}${String(place).padStart(4, '0')}`,
  }));
  return { results };
}
