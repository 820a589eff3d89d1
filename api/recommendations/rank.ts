import { buildList } from './build-list.ts';
import type { Evidence } from './evidence.ts';
import { isReleased } from './is-released.ts';
import { liftsOf, noLifts } from './lifts.ts';
import type { PartName, Strategy } from './model.ts';
import { partsOf } from './parts.ts';
import { reasonsFor, type Why } from './reasons.ts';
import { rounded } from './rounded.ts';
import { weightOf } from './score-neighbours.ts';
import type { Candidate } from './select-candidates.ts';
import type { Taste } from './select-taste.ts';
import { type PartWeights, weights } from './weights.ts';

export interface Ranked {
  tmdbId: number;
  score: number;
  parts: Record<PartName, number>;
  /** Looked for only when it is shown. */
  reasons: () => Why[];
}

export function strategyOf(taste: Taste): Strategy {
  if (taste.hasInteractions) return 'personalized';
  const isStated = hasStated(taste) || taste.history.some(({ kind }) => kind === 'favorite');
  return isStated ? 'preferences' : 'cold_start';
}

const hasStated = ({ genres, actors }: Taste) => genres.length + actors.length > 0;

/** Whether something speaks for other movies: dislikes alone only speak against. */
export const hasLiked = ({ history }: Taste): boolean => history.some((movie) => weightOf(movie) > 0);

function weightsFor(taste: Taste): PartWeights {
  if (hasLiked(taste)) return weights.personal;
  return hasStated(taste) ? weights.preferences : weights.cold;
}

/** The candidates by the sum of their parts, as the rules of lists place them. */
export function rankCandidates(
  candidates: Iterable<Candidate>,
  evidence: Evidence,
  { unreleased }: { unreleased: boolean },
): Ranked[] {
  const { taste, nowMs } = evidence;
  const counts = weightsFor(taste);
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const all = [...candidates].filter(
    (candidate) => !taste.excluded.has(candidate.movie_id) && (unreleased || isReleased(candidate, today)),
  );
  const lifts = counts === weights.preferences ? liftsOf(all, evidence) : noLifts;
  const scored = all.map((candidate) => {
    const parts = partsOf(candidate, evidence, { weights: counts, lifts });
    let sum = 0;
    for (const name in parts) sum += parts[name as PartName];
    return { candidate, parts, base: rounded(sum) };
  });
  const rules = { spreadGenres: counts === weights.cold, languages: evidence.languages.places };
  return buildList(scored, rules).map(({ candidate, parts, score, forLanguage }) => ({
    tmdbId: candidate.tmdb_id,
    score,
    parts,
    reasons: () => reasonsFor(candidate, evidence, forLanguage),
  }));
}
