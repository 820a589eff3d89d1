import type { Evidence } from './evidence.ts';
import type { Candidate, Link } from './select-candidates.ts';

/** What is thought of it by TMDb's readers and by this service's users. */
export const appealTo = ({ appeal, weight }: Pick<Candidate, 'appeal' | 'weight'>): number =>
  appeal + 2 * Math.log10(1 + (weight ?? 0));

const genreIds = new WeakMap<object, readonly number[]>();

/** Candidates are cached, and each list asks for the genres of more than a thousand of them: read once. */
export function genreIdsOf(candidate: Pick<Candidate, 'genre_ids'>): readonly number[] {
  const known = genreIds.get(candidate);
  if (known !== undefined) return known;
  const read = candidate.genre_ids === null ? [] : candidate.genre_ids.split(',').map(Number);
  genreIds.set(candidate, read);
  return read;
}

export const linksOf = (
  { movie_id }: Candidate,
  { links }: Pick<Evidence, 'links'>,
  kind: Link['kind'],
): readonly Link[] => links.get(movie_id)?.filter((link) => link.kind === kind) ?? noLinks;

const noLinks: readonly Link[] = [];
