import { weights } from '#api/recommendations/weights.ts';
import type { BenchRow } from '../bench.ts';

/** All candidates of one user with their parts, and the liked movie that is to be found. */
export interface ExplainedList {
  heldOut: number;
  candidates: readonly { tmdbId: number; parts: Record<string, number> }[];
}

type Weigh = (part: string) => number;
interface Worth {
  hitsAt10: number;
  ndcgAt10: number;
  hitsAt50: number;
}

const measures = ['hitsAt10', 'ndcgAt10', 'hitsAt50'] as const;
const names = { hitsAt10: 'HR@10', ndcgAt10: 'NDCG@10', hitsAt50: 'HR@50' };
const folds = 5;
/** What the rules of lists made of a score: without them, the scores are compared as they are. */
const ofRules = new Set(['series', 'variety']);
/** The grid of the cross-validation. */
const transitionWeights = [0, 0.3, 0.6, 1];

/** What one ranking is worth for each user, when the parts count otherwise. Ties by id. */
function worthOf({ heldOut, candidates }: ExplainedList, weigh: Weigh): Worth {
  const scoreOf = (parts: Record<string, number>) => {
    let sum = 0;
    for (const name in parts) if (!ofRules.has(name)) sum += weigh(name) * (parts[name] ?? 0);
    return sum;
  };
  const own = candidates.find(({ tmdbId }) => tmdbId === heldOut);
  if (own === undefined) return { hitsAt10: 0, ndcgAt10: 0, hitsAt50: 0 };
  const score = scoreOf(own.parts);
  let place = 0;
  for (const { tmdbId, parts } of candidates) {
    const other = scoreOf(parts);
    if (other > score || (other === score && tmdbId < heldOut)) place++;
  }
  return {
    hitsAt10: place < 10 ? 1 : 0,
    ndcgAt10: place < 10 ? 1 / Math.log2(place + 2) : 0,
    hitsAt50: place < 50 ? 1 : 0,
  };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The mean over all, and its standard error over the five folds of users. */
function overFolds(values: readonly number[]): { mean: number; error: number } {
  const means = Array.from({ length: folds }, (_, fold) => mean(values.filter((_, n) => n % folds === fold)));
  const middle = mean(means);
  const variance = means.reduce((sum, one) => sum + (one - middle) ** 2, 0) / (folds - 1);
  return { mean: mean(values), error: Math.sqrt(variance / folds) };
}

const signed = (n: number) => `${n < 0 ? '−' : '+'}${Math.abs(n).toFixed(3)}`;

/**
 * What each part of a score is worth: how much the figures change on each of five folds of users when it is left out.
 * And each fold with the weight of the transitions that the other four would choose.
 */
export function leaveOut(lists: readonly ExplainedList[]): BenchRow[] {
  const all = lists.map((list) => worthOf(list, () => 1));
  const against = (what: string, weigh: Weigh): BenchRow => {
    const other = lists.map((list) => worthOf(list, weigh));
    const changes = measures.map((name) => {
      const change = overFolds(other.map((one, n) => one[name] - (all[n]?.[name] ?? 0)));
      return `${names[name]} ${signed(change.mean)} ± ${change.error.toFixed(3)}`;
    });
    return {
      what,
      measured: mean(other.map((one) => one.hitsAt10)),
      unit: 'HR@10',
      note: changes.join(', '),
    };
  };
  const parts = Object.keys(weights.personal).filter(
    (name) => weights.personal[name as keyof typeof weights.personal] !== 0,
  );
  return [
    against('scores without the rules of lists', () => 1),
    against('neighbours alone (EASE)', (part) => (part === 'neighbours' ? 1 : 0)),
    against('transitions alone (SLIT)', (part) => (part === 'transitions' ? 1 : 0)),
    against('these two alone', (part) => (part === 'neighbours' || part === 'transitions' ? 1 : 0)),
    ...parts.map((name) => against(`without ${name}`, (part) => (part === name ? 0 : 1))),
    ...crossValidated(lists),
  ];
}

function crossValidated(lists: readonly ExplainedList[]): BenchRow[] {
  const tried = transitionWeights.map((weight) => {
    const weigh: Weigh = (part) => (part === 'transitions' ? weight / weights.personal.transitions : 1);
    return { weight, worths: lists.map((list) => worthOf(list, weigh)) };
  });
  const held: Worth[] = [];
  const chosen: number[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const isHeld = (n: number) => n % folds === fold;
    const ofOthers = ({ worths }: (typeof tried)[number]) =>
      mean(worths.filter((_, n) => !isHeld(n)).map(({ ndcgAt10, hitsAt50 }) => ndcgAt10 + hitsAt50 / 5));
    const best = tried.toSorted((a, b) => ofOthers(b) - ofOthers(a))[0];
    if (best === undefined) continue;
    chosen.push(best.weight);
    held.push(...best.worths.filter((_, n) => isHeld(n)));
  }
  return [
    {
      what: 'transitions weighed on the other four folds',
      measured: mean(held.map(({ hitsAt10 }) => hitsAt10)),
      unit: 'HR@10',
      note: `chosen ${chosen.join(', ')}; NDCG@10 ${mean(held.map((one) => one.ndcgAt10)).toFixed(3)}, HR@50 ${mean(held.map((one) => one.hitsAt50)).toFixed(3)}`,
    },
  ];
}
