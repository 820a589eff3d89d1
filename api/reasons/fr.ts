import { createLanguageName } from './language-name.ts';
import type { Liking, Sentences } from './reason.ts';

const thousands = new Intl.NumberFormat('fr');
const tenths = new Intl.NumberFormat('fr', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

const which: Record<Liking, string> = {
  liked: 'que vous avez aimé',
  favorite: 'un de vos films préférés',
  watched: 'que vous avez vu',
  bookmarked: 'que vous avez mis de côté',
};

const languageName = createLanguageName('fr');
const inLanguage = (code: string) => {
  const name = languageName(code);
  return name === undefined ? 'Dans la même langue' : `En ${name}`;
};

const voters = (votes: number) => `${thousands.format(votes)} ${votes < 2 ? 'vote' : 'votes'}`;

export const fr: Sentences = {
  liked_movie: ({ name }) => `Parce que vous avez aimé « ${name} »`,
  favorite_movie: ({ name }) => `Parce que « ${name} » est un de vos films préférés`,
  watched_movie: ({ name }) => `Parce que vous avez vu « ${name} »`,
  bookmarked_movie: ({ name }) => `Parce que vous avez mis « ${name} » de côté`,
  liked_after: ({ name }) => `Souvent apprécié ici après « ${name} »`,
  shares_genre: ({ name, liking }) => `Partage un genre avec « ${name} », ${which[liking]}`,
  shares_content: ({ name, liking }) => `Dans l’esprit de « ${name} », ${which[liking]}`,
  shares_language: ({ name, liking, language }) =>
    `${inLanguage(language)}, comme « ${name} », ${which[liking]}`,
  tmdb_recommendation: ({ name }) => `Recommandé par TMDb à ceux qui aiment « ${name} »`,
  tmdb_similar: ({ name }) => `Semblable à « ${name} » selon TMDb`,
  liked_together: ({ name }) => `Aimé par ceux qui aiment « ${name} »`,
  in_collection_of: ({ name, title, liking }) => `Dans « ${name} », comme « ${title} », ${which[liking]}`,
  favorite_actor: ({ name }) => `Avec ${name}`,
  favorite_genre: ({ name }) => `${name}, un de vos genres`,
  also_in_collection: ({ name }) => `Aussi dans « ${name} »`,
  also_directed_by: ({ name }) => `Même réalisation : ${name}`,
  also_with_actor: ({ name }) => `Aussi avec ${name}`,
  also_about: ({ name }) => `Même thème : ${name}`,
  also_of_genre: ({ name }) => `Même genre : ${name}`,
  popular_now: () => 'Populaire en ce moment',
  popular_here: () => 'Très apprécié ici',
  well_rated: ({ average, votes }) => `Noté ${tenths.format(average)} sur TMDb, pour ${voters(votes)}`,
  in_catalogue: () => 'Nouveau pour vous, et dans ce catalogue',
};
