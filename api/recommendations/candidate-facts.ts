import type { Evidence } from './evidence.ts';
import type { Candidate, Link } from './select-candidates.ts';

/** What is thought of it by TMDb's readers and by this service's users. */
export const appealTo = ({ appeal, weight }: Pick<Candidate, 'appeal' | 'weight'>): number =>
  appeal + 2 * Math.log10(1 + (weight ?? 0));

export const genreIdsOf = ({ genre_ids: list }: Pick<Candidate, 'genre_ids'>): number[] =>
  list === null ? [] : list.split(',').map(Number);

export const linksOf = (
  { movie_id }: Candidate,
  { links }: Pick<Evidence, 'links'>,
  kind: Link['kind'],
): Link[] => (links.get(movie_id) ?? []).filter((link) => link.kind === kind);
