/** One job for one movie, whoever asks for it. */
export const fetchJobId = (tmdbId: number) => `movie-${tmdbId}`;
