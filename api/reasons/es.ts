import { createLanguageName } from './language-name.ts';
import type { Liking, Sentences } from './reason.ts';

const thousands = new Intl.NumberFormat('es');
const tenths = new Intl.NumberFormat('es', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

const which: Record<Liking, string> = {
  liked: 'que te gustó',
  favorite: 'una de tus películas favoritas',
  watched: 'que viste',
  bookmarked: 'que guardaste',
};

const languageName = createLanguageName('es');
const inLanguage = (code: string) => {
  const name = languageName(code);
  return name === undefined ? 'En el mismo idioma' : `En ${name.toLocaleLowerCase('es')}`;
};

const voters = (votes: number) => `${thousands.format(votes)} ${votes === 1 ? 'voto' : 'votos'}`;

export const es: Sentences = {
  liked_movie: ({ name }) => `Porque te gustó «${name}»`,
  favorite_movie: ({ name }) => `Porque «${name}» es una de tus películas favoritas`,
  watched_movie: ({ name }) => `Porque viste «${name}»`,
  bookmarked_movie: ({ name }) => `Porque guardaste «${name}»`,
  liked_after: ({ name }) => `A la gente de aquí le suele gustar después de «${name}»`,
  shares_genre: ({ name, liking }) => `Comparte un género con «${name}», ${which[liking]}`,
  shares_content: ({ name, liking }) => `Parecida a «${name}», ${which[liking]}`,
  shares_language: ({ name, liking, language }) =>
    `${inLanguage(language)}, como «${name}», ${which[liking]}`,
  tmdb_recommendation: ({ name }) => `Recomendada por TMDb a quienes les gusta «${name}»`,
  tmdb_similar: ({ name }) => `Similar a «${name}» según TMDb`,
  liked_together: ({ name }) => `Les gusta a quienes les gusta «${name}»`,
  in_collection_of: ({ name, title, liking }) => `De «${name}», como «${title}», ${which[liking]}`,
  favorite_actor: ({ name }) => `Con ${name}`,
  favorite_genre: ({ name }) => `${name}, uno de tus géneros`,
  also_in_collection: ({ name }) => `También de «${name}»`,
  also_directed_by: ({ name }) => `También con dirección de ${name}`,
  also_with_actor: ({ name }) => `También con ${name}`,
  also_about: ({ name }) => `Mismo tema: ${name}`,
  also_of_genre: ({ name }) => `Mismo género: ${name}`,
  popular_now: () => 'Popular en este momento',
  popular_here: () => 'Popular entre la gente de aquí',
  well_rated: ({ average, votes }) => `Con una nota de ${tenths.format(average)} en TMDb y ${voters(votes)}`,
  in_catalogue: () => 'Nueva para ti, y en este catálogo',
};
