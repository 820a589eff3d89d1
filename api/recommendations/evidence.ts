import type { ContentLinks } from './content-links.ts';
import type { Languages } from './languages.ts';
import type { NeighbourScores } from './score-neighbours.ts';
import type { Link } from './select-candidates.ts';
import type { HistoryMovie, Taste } from './select-taste.ts';

/** What speaks for and against candidates. */
export interface Evidence {
  taste: Taste;
  neighbours: NeighbourScores;
  /** By our own id: what of the history counts for something. */
  history: Map<number, HistoryMovie>;
  /** By our own id: what else of the user's taste leads there. */
  links: Map<number, Link[]>;
  /** By our own id: what of the history is like it by content. */
  contents: ContentLinks;
  favouriteGenres: ReadonlySet<number>;
  /** How much of the history has each genre, 1 the most. */
  genreShares: Map<number, number>;
  languages: Languages;
  /** What of the history speaks against others. */
  disliked: readonly HistoryMovie[];
  nowMs: number;
}
