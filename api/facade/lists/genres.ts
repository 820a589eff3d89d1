import type { ReadGenres } from '../rows/genre-names.ts';
import { languageOf } from '../wire/asked-query.ts';
import type { Documents } from '../wire/documents.ts';
import type { TmdbRoute } from '../wire/tmdb-route.ts';

export function genreRoutes({ documents, readGenres }: { documents: Documents; readGenres: ReadGenres }) {
  const route: TmdbRoute = {
    path: 'genre/movie/list',
    answer({ query }) {
      const language = languageOf(query);
      return documents.ofMirror(`genres/${language}`, async () => {
        const genres = (await readGenres(language)).filter(({ listed }) => listed);
        return JSON.stringify({ genres: genres.map(({ id, name }) => ({ id, name })) });
      });
    },
  };
  return [route];
}
