import type { CostCase, CostRoute } from './cases.ts';
import { numbers } from './numbers.ts';

/** What costs only where it was not asked before: each request asks for something else. */
interface Changing {
  /** The tokens of a user as most are, and of one who has seen very much. */
  readers: { usual: string; busy: string };
  /** No movie, person or collection has this id, nor any of the next ones. */
  unknownId: number;
  knownId: number;
}

/** What is missing, and has to be asked for each time. A plain case is one that is there. */
export function missedReads({ unknownId, knownId }: Changing): CostRoute[] {
  return ['/api/movies', '/api/people', '/api/collections'].map((path, place) => {
    const route = `GET ${path}/{id}`;
    const another = (n: number) => ({ path: `${path}/${unknownId + 1000 * (place + 1) + n}` });
    return {
      plain: { route, what: 'plain', path: `${path}/${knownId}` },
      others: [{ route, what: 'another unknown id each time', path, another }],
    };
  });
}

/** What users write: one thing at a time, as most do, and as many as one request may hold. */
export function writesOfUsers({ readers }: Changing): CostRoute[] {
  const writeOf = (path: string, token: string) => (what: string, bodyOf: (n: number) => unknown) => {
    const another = (n: number) => ({
      init: {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify(bodyOf(n)),
      },
    });
    return { route: `POST ${path}`, what, path, another } satisfies CostCase;
  };
  const interactions = '/api/user/interactions';
  const says = writeOf(interactions, readers.usual);
  const many = (ids: number[], said: object) => ({ items: ids.map((tmdb_id) => ({ tmdb_id, ...said })) });
  const opinion = (n: number) => (n % 2 === 0 ? 'liked' : 'disliked');
  const stars = (n: number) => ({ type: 'watched', rating: 1 + (n % 4) });
  const othersOf = (token: string) => {
    const saysMuch = writeOf(interactions, token);
    return [
      saysMuch('one', (n) => ({ tmdb_id: 100 + (n % 2000), type: 'bookmarked' })),
      saysMuch('500, new or not', (n) => many(numbers(500, 1 + 500 * (n % 4)), { type: 'bookmarked' })),
      saysMuch('500 that turn', (n) => many(numbers(500, 1), { type: opinion(n) })),
      saysMuch('500 ratings', (n) => many(numbers(500, 1), stars(n))),
      saysMuch('500 of one movie', (n) => ({
        items: numbers(500, n).map((turn) => ({ tmdb_id: 50, type: opinion(turn) })),
      })),
    ];
  };
  const preferences = '/api/user/preferences';
  const saves = writeOf(preferences, readers.busy);
  const longest = (from: number) => ({
    genres: numbers(19, 1),
    actors: numbers(200, from),
    movies: numbers(500, from),
  });
  return [
    {
      plain: says('plain', (n) => ({ tmdb_id: 100 + (n % 2000), type: 'bookmarked' })),
      others: [...othersOf(readers.usual), ...othersOf(readers.busy)],
    },
    {
      // It answers with all that is stored, too.
      plain: saves('the longest lists again', () => longest(1)),
      others: [saves('the longest lists, all of them moved', (n) => longest(1 + (n % 2)))],
    },
  ];
}
