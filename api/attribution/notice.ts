/** The sentence TMDb's terms ask for wherever its data is presented. */
export const tmdbNotice =
  'This product uses TMDB and the TMDB APIs but is not endorsed, certified, or otherwise approved by TMDB.';
