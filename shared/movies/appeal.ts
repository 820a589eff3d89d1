/** A movie's votes count as if it had had so many of the average before: a ten from three voters is no ten. */
export const priorVotes = 200;
export const priorAverage = 6.3;

/**
 * How well a movie stands with TMDb's voters: the order of magnitude of their number, and half of what their Bayesian
 * mean is above (or below) the average. Falls back to 0 for a movie without votes.
 * @param movie the name of `movies` in the statement; an index has this expression
 */
export function appealOf(movie: string): string {
  const column = (name: string) => (movie === '' ? name : `${movie}.${name}`);
  const votes = `coalesce(${column('vote_count')}, 0)`;
  const average = `coalesce(${column('vote_average')}, 0::double precision)`;
  return `(log(1::double precision + ${votes}) + 0.5 * ((${votes} * ${average} + ${priorVotes * priorAverage}::double precision) / (${votes} + ${priorVotes}) - ${priorAverage}::double precision))`;
}

/**
 * What voters think of a movie, as `sort=rating` has it: the weighted mean (v·R + m·C) / (v + m) of v votes with the
 * average R, where m = 200 and C = 6.3. Null where nobody has voted.
 * @param movie the name of `movies` in the statement; an index has this expression
 */
export function ratingOf(movie: string): string {
  const column = (name: string) => (movie === '' ? name : `${movie}.${name}`);
  const votes = column('vote_count');
  return `(case when ${votes} > 0 then (${votes} * ${column('vote_average')} + ${priorVotes * priorAverage}::double precision) / (${votes} + ${priorVotes}::double precision) end)`;
}

/**
 * What a movie's `ratingOf` is at least, by the bounds that are known of it: those rated above the average need votes
 * to rise, those below fall with every vote.
 */
export function leastRating(leastAverage: number, leastVotes: number): number {
  if (leastAverage <= priorAverage) return leastAverage;
  const votes = Math.max(1, leastVotes);
  return (votes * leastAverage + priorVotes * priorAverage) / (votes + priorVotes);
}

/** The states in which a movie is shown in lists. */
export const shownStates = "state in ('listed', 'detailed')";
