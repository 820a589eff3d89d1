import type { Pool } from 'pg';
import { contentLinksOf } from './content-links.ts';
import type { Facts } from './facts.ts';
import { languagesOf } from './languages.ts';
import type { Strategy } from './model.ts';
import { type Ranked, rankCandidates, strategyOf } from './rank.ts';
import { scoreNeighbours, weightOf } from './score-neighbours.ts';
import { type Candidate, type Link, type Shelf, selectLinks } from './select-candidates.ts';
import type { HistoryMovie, Taste } from './select-taste.ts';
import type { Widening } from './widening.ts';

export interface RankedList {
  strategy: Strategy;
  ranked: Ranked[];
}

/** Of the neighbours so many are looked at; of a genre they are fewer. */
const mostNeighbours = { all: 400, genre: 2000 };
/** TMDb's relations are followed from so many of the history. */
const mostSources = 20;
export interface AskedList {
  shelf: Shelf;
  unreleased: boolean;
}

interface ListDeps extends AskedList {
  pool: Pool;
  facts: Facts;
  widening: Widening;
  nowMs: number;
}

/** A list: what may be in it, what speaks for it, and in which order it stands. */
export async function computeList(
  deps: ListDeps,
  taste: Taste,
  everybodys: readonly Candidate[],
): Promise<RankedList> {
  const { pool, facts, widening, shelf, nowMs, unreleased } = deps;
  const liked = taste.history
    .filter((movie) => weightOf(movie) > 0)
    .toSorted((a, b) => weightOf(b) - weightOf(a));
  const disliked = taste.history.filter((movie) => weightOf(movie) < 0);
  const languages = languagesOf(liked);
  const contents = contentLinksOf(liked);
  // The arithmetic runs while the database looks for links.
  const linking = linksFrom(pool, taste, { liked, disliked });
  const neighbours = scoreNeighbours(taste.history);
  const most = shelf.genre === undefined ? mostNeighbours.all : mostNeighbours.genre;
  const best = neighbours.best(most, taste.excluded);
  const links = await linking;
  const candidates = new Map(everybodys.map((candidate) => [candidate.movie_id, candidate]));
  const add = async (ids: Iterable<number>) => {
    const missing = [...ids].filter((id) => !candidates.has(id) && !taste.excluded.has(id));
    for (const candidate of await facts.of(shelf, missing)) candidates.set(candidate.movie_id, candidate);
  };
  await add([...best, ...leadingFrom(links, disliked), ...contents.keys()]);
  await add(await widening.inLanguages(languages, shelf, candidates.values()));
  await add(await widening.inSeries(candidates.values()));
  const history = new Map(taste.history.map((movie) => [movie.movieId, movie]));
  const favouriteGenres = new Set(taste.genres.map(({ id }) => id));
  const genreShares = genreSharesOf(liked);
  const known = { taste, neighbours, history, links, contents, favouriteGenres, genreShares };
  const evidence = { ...known, languages, disliked, nowMs };
  const ranked = rankCandidates(candidates.values(), evidence, { unreleased });
  return { strategy: strategyOf(taste), ranked };
}

/** Without favorite actors and a history there are no links, so the query is skipped. */
async function linksFrom(
  pool: Pool,
  { actors }: Taste,
  { liked, disliked }: { liked: HistoryMovie[]; disliked: HistoryMovie[] },
): Promise<Map<number, Link[]>> {
  if (actors.length + liked.length + disliked.length === 0) return new Map();
  const idsOf = (movies: HistoryMovie[]) => movies.slice(0, mostSources).map(({ movieId }) => movieId);
  const sources = { liked: idsOf(liked), disliked: idsOf(disliked), actors: actors.map(({ id }) => id) };
  return Map.groupBy(await selectLinks(pool, sources), (link) => link.movie_id);
}

/** Where links lead, but not those of what is disliked alone. */
function leadingFrom(links: Map<number, Link[]>, disliked: HistoryMovie[]): number[] {
  if (disliked.length === 0) return [...links.keys()];
  const against = new Set(disliked.map(({ movieId }) => movieId));
  const speaksFor = ({ kind, source }: Link) =>
    kind === 'actor' || kind === 'collection' || !against.has(source);
  return [...links].filter(([, all]) => all.some(speaksFor)).map(([id]) => id);
}

function genreSharesOf(liked: readonly HistoryMovie[]): Map<number, number> {
  const shares = new Map<number, number>();
  for (const movie of liked)
    for (const id of movie.genreIds) shares.set(id, (shares.get(id) ?? 0) + weightOf(movie));
  const most = Math.max(0, ...shares.values());
  return new Map([...shares].map(([id, share]) => [id, share / most]));
}
