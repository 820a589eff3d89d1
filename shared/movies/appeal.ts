/** A movie's votes count as if it had had so many of the average before: a ten from three voters is no ten. */
const priorVotes = 200;
const priorAverage = 6.3;

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

/** The states in which a movie is shown in lists. */
export const shownStates = "state in ('listed', 'detailed')";
