import { createLanguageName } from './language-name.ts';
import type { Liking, Sentences } from './reason.ts';

const thousands = new Intl.NumberFormat('en-US');

const which: Record<Liking, string> = {
  liked: 'which you liked',
  favorite: 'one of your favorites',
  watched: 'which you watched',
  bookmarked: 'which you bookmarked',
};

const nameOf = createLanguageName('en');
const languageName = (code: string) => nameOf(code) ?? 'the same language';

const voters = (votes: number) => `${thousands.format(votes)} ${votes === 1 ? 'voter' : 'voters'}`;

export const en: Sentences = {
  liked_movie: ({ name }) => `Because you liked ${name}`,
  favorite_movie: ({ name }) => `Because ${name} is one of your favorites`,
  watched_movie: ({ name }) => `Because you watched ${name}`,
  bookmarked_movie: ({ name }) => `Because you bookmarked ${name}`,
  liked_after: ({ name }) => `After ${name}, people here often like this`,
  shares_genre: ({ name, liking }) => `Shares a genre with ${name}, ${which[liking]}`,
  shares_content: ({ name, liking }) => `Similar to ${name}, ${which[liking]}`,
  shares_language: ({ name, liking, language }) =>
    `In ${languageName(language)}, like ${name}, ${which[liking]}`,
  tmdb_recommendation: ({ name }) => `Recommended by TMDb for those who like ${name}`,
  tmdb_similar: ({ name }) => `According to TMDb, similar to ${name}`,
  liked_together: ({ name }) => `Liked by those who like ${name}`,
  in_collection_of: ({ name, title, liking }) => `In ${name}, like ${title}, ${which[liking]}`,
  favorite_actor: ({ name }) => `With ${name}`,
  favorite_genre: ({ name }) => `${name}, one of your genres`,
  also_in_collection: ({ name }) => `Also in ${name}`,
  also_directed_by: ({ name }) => `Also directed by ${name}`,
  also_with_actor: ({ name }) => `Also with ${name}`,
  also_about: ({ name }) => `Also about: ${name}`,
  also_of_genre: ({ name }) => `Also ${name}`,
  popular_now: () => 'Popular right now',
  popular_here: () => 'Popular with people here',
  well_rated: ({ average, votes }) => `Rated ${average.toFixed(1)} by ${voters(votes)} at TMDb`,
  in_catalogue: () => 'New to you, and in this catalog',
};
