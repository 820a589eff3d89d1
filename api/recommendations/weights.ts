/** What each part of a score counts: where each figure comes from stands in docs/recommendations.md. */
export const weights = {
  /** With something liked, watched, bookmarked or named as a favourite. */
  personal: {
    neighbours: 1,
    transitions: 0.6,
    tmdb: 0.012,
    content: 0.02,
    collection: 0.02,
    genres: 0.005,
    taste: 0.004,
    actors: 0.005,
    language: 0.001,
    dislikes: 0.01,
    appeal: 0.001,
    recency: 0,
  },
  /** With favourite genres or actors alone. Only dislikes have neighbors then. */
  preferences: {
    neighbours: 1000,
    transitions: 0,
    tmdb: 0,
    content: 0,
    collection: 0,
    genres: 0.6,
    taste: 0,
    actors: 0.3,
    language: 0,
    dislikes: 10,
    appeal: 1,
    recency: 0,
  },
  /** With nothing, or with dislikes alone. */
  cold: {
    neighbours: 1000,
    transitions: 0,
    tmdb: 0,
    content: 0,
    collection: 0,
    genres: 0,
    taste: 0,
    actors: 0,
    language: 0,
    dislikes: 10,
    appeal: 1,
    recency: 0.5,
  },
} as const;

export type PartWeights = Record<keyof (typeof weights)['personal'], number>;

/** By preferences alone: what has anything that was stated, a genre or an actor, counts so much more, once. */
export const statedWorth = 0.9;

export const historyKinds = ['liked', 'favorite', 'watched', 'bookmarked', 'disliked'] as const;
export type HistoryKind = (typeof historyKinds)[number];

/** What the newest of each kind counts, and how many of it count at all. */
export const historyWeights: Record<HistoryKind, { weight: number; most: number }> = {
  liked: { weight: 1, most: 50 },
  favorite: { weight: 1, most: 50 },
  watched: { weight: 0.3, most: 50 },
  bookmarked: { weight: 0.3, most: 20 },
  disliked: { weight: -0.3, most: 20 },
};

/** Each place further back counts e^(-1/10) of the one before it. */
export const recencyPlaces = 10;

/** What came last, liked or watched, leads on: each turn further back counts e^(-1/5) of the one before it… */
export const turnPlaces = 5;
/** …and so many count at all. */
export const mostTurns = 30;

/** What is alike by content counts half where both movies are known to so many users, and less with each further one. */
export const contentUsers = 5;

/** Each movie of a collection counts so much of the one that stands before it… */
export const collectionDecay = 0.7;
/** …and no collection has more than so many in a list, */
export const mostOfCollection = 3;
/** and so many in its beginning, */
export const mostOfCollectionFirst = 2;
/** which is so long. */
export const firstPlaces = 10;
/** A language in which so many liked movies are gets places in the beginning, however many others are liked… */
export const manyOfLanguage = 4;
/** …and with fewer, where they are so much of all that is liked. */
export const leastLanguageShare = 0.1;
/** What is shown for its language alone has so many voters. */
export const leastVotesForLanguage = 20;
/** Cold: how fast a genre that has been shown becomes less welcome. */
export const genreSaturation = 0.05;

/** The longest list anybody gets. */
export const maxResults = 500;
