import type { Candidate } from './select-candidates.ts';

/**
 * Whether a movie can be watched somewhere. What is known must say so: a day of release is not in the future, and a
 * status is TMDb's `Released`. Of a movie known only from a list the day alone is known.
 * @param today `YYYY-MM-DD`
 */
export function isReleased(
  { release_date: day, status }: Pick<Candidate, 'release_date' | 'status'>,
  today: string,
): boolean {
  if (status !== null && status !== 'Released') return false;
  return day === null ? status !== null : day <= today;
}
