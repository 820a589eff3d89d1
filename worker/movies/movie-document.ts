import type { MirroredMovie } from '../tmdb/wire/mirrored-movie.ts';

/**
 * The movie's details in the api's own terms and order, as JSON text, but for `images`, whose URLs the api knows
 * (`api/movies/model.ts` is the shape; a test holds the two together). Names of people are those of this answer.
 */
export function movieDocument(movie: MirroredMovie): string {
  const people = new Map(movie.people.map((person) => [person.id, person]));
  return JSON.stringify({
    tmdb_id: movie.tmdb_id,
    title: movie.title,
    original_title: movie.original_title,
    overview: movie.overview,
    release_date: movie.release_date,
    poster_path: movie.poster_path,
    backdrop_path: movie.backdrop_path,
    genres: movie.genres.map(({ id, name }) => ({ id, name })),
    popularity: movie.popularity,
    vote_average: movie.vote_average,
    vote_count: movie.vote_count,
    adult: movie.adult,
    tagline: movie.tagline,
    runtime: movie.runtime,
    status: movie.status,
    original_language: movie.original_language,
    imdb_id: movie.imdb_id,
    homepage: movie.homepage,
    certification: movie.certification,
    collection: movie.collection && { id: movie.collection.id, name: movie.collection.name },
    directors: directorsOf(movie, people),
    cast: castOf(movie, people),
    keywords: movie.keywords.map(({ id, name }) => ({ id, name })),
    trailers: movie.trailers.map(({ site, key, name }) => ({ site, key, name })),
  });
}

type People = ReadonlyMap<number, MirroredMovie['people'][number]>;

/** In TMDb's order; one who is credited twice directs once. */
function directorsOf({ credits }: MirroredMovie, people: People) {
  const directors = credits.filter((credit) => credit.kind === 'crew' && credit.job === 'Director');
  return [...new Set(directors.map((credit) => credit.person_id))].flatMap((id) => {
    const name = people.get(id)?.name;
    return name === undefined ? [] : [{ id, name }];
  });
}

function castOf({ credits }: MirroredMovie, people: People) {
  return credits
    .filter((credit) => credit.kind === 'cast')
    .sort(
      (a, b) =>
        (a.order ?? Number.MAX_SAFE_INTEGER) - (b.order ?? Number.MAX_SAFE_INTEGER) ||
        a.position - b.position,
    )
    .flatMap(({ person_id: id, character, order }) => {
      const person = people.get(id);
      return person === undefined
        ? []
        : [{ id, name: person.name, character, order, profile_path: person.profile_path }];
    });
}
