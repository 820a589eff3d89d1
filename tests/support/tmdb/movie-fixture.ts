/** A movie as TMDb would send it, written by hand; `patch` makes it the odd one a test is about. */
export function wireMovie(patch: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 7001,
    title: 'The Lighthouse Keeper’s Ledger',
    original_title: 'Vuurtorenboek',
    overview: 'A keeper counts ships.',
    release_date: '2019-04-12',
    poster_path: '/keeper.jpg',
    backdrop_path: '/sea.jpg',
    popularity: 12.5,
    vote_average: 7,
    vote_count: 321,
    adult: false,
    tagline: 'Every light has its price.',
    runtime: 104,
    status: 'Released',
    original_language: 'nl',
    imdb_id: 'tt9900001',
    homepage: 'https://example.org/keeper',
    budget: 1_200_000,
    revenue: 3_400_000,
    belongs_to_collection: { id: 81, name: 'Harbour Collection', poster_path: null },
    genres: [{ id: 18, name: 'Drama' }],
    ...patch,
  };
}

export function wireRow(id: number, patch: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id,
    title: `Film ${id}`,
    original_title: `Film ${id}`,
    overview: '',
    release_date: '2001-02-03',
    poster_path: null,
    backdrop_path: null,
    genre_ids: [18],
    popularity: 1,
    vote_average: 6.1,
    vote_count: 10,
    adult: false,
    video: false,
    ...patch,
  };
}

export function wireCast(id: number, patch: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id,
    name: `Person ${id}`,
    credit_id: `c${id}`,
    character: 'Keeper',
    order: 0,
    profile_path: null,
    known_for_department: 'Acting',
    popularity: 2.5,
    gender: 0,
    ...patch,
  };
}
