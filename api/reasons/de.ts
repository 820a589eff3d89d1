import { createLanguageName } from './language-name.ts';
import type { Liking, Sentences } from './reason.ts';

const thousands = new Intl.NumberFormat('de');
const tenths = new Intl.NumberFormat('de', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

const nominative: Record<Liking, string> = {
  liked: 'der dir gefällt',
  favorite: 'einer deiner Lieblingsfilme',
  watched: 'den du gesehen hast',
  bookmarked: 'den du dir gemerkt hast',
};
/** After “mit”. */
const dative: Record<Liking, string> = { ...nominative, favorite: 'einem deiner Lieblingsfilme' };

const languageName = createLanguageName('de');
const inLanguage = (code: string) => {
  const name = languageName(code);
  return name === undefined ? 'In derselben Sprache' : `Auf ${name}`;
};

const voters = (votes: number) => (votes === 1 ? 'einer Stimme' : `${thousands.format(votes)} Stimmen`);

export const de: Sentences = {
  liked_movie: ({ name }) => `Weil dir „${name}“ gefällt`,
  favorite_movie: ({ name }) => `Weil „${name}“ einer deiner Lieblingsfilme ist`,
  watched_movie: ({ name }) => `Weil du „${name}“ gesehen hast`,
  bookmarked_movie: ({ name }) => `Weil du dir „${name}“ gemerkt hast`,
  liked_after: ({ name }) => `Nach „${name}“ gefällt vielen hier dieser Film`,
  shares_genre: ({ name, liking }) => `Hat ein Genre gemeinsam mit „${name}“, ${dative[liking]}`,
  shares_content: ({ name, liking }) => `Ähnlich wie „${name}“, ${nominative[liking]}`,
  shares_language: ({ name, liking, language }) =>
    `${inLanguage(language)}, ebenso wie „${name}“, ${nominative[liking]}`,
  tmdb_recommendation: ({ name }) => `Von TMDb empfohlen, wenn man „${name}“ mag`,
  tmdb_similar: ({ name }) => `Laut TMDb ähnlich wie „${name}“`,
  liked_together: ({ name }) => `Gefällt Leuten, denen „${name}“ gefällt`,
  in_collection_of: ({ name, title, liking }) =>
    `Aus „${name}“, ebenso wie „${title}“, ${nominative[liking]}`,
  favorite_actor: ({ name }) => `Mit ${name}`,
  favorite_genre: ({ name }) => `${name}, eines deiner Genres`,
  also_in_collection: ({ name }) => `Auch aus „${name}“`,
  also_directed_by: ({ name }) => `Auch unter der Regie von ${name}`,
  also_with_actor: ({ name }) => `Auch mit ${name}`,
  also_about: ({ name }) => `Gleiches Thema: ${name}`,
  also_of_genre: ({ name }) => `Gleiches Genre: ${name}`,
  popular_now: () => 'Zurzeit beliebt',
  popular_here: () => 'Hier bei vielen beliebt',
  well_rated: ({ average, votes }) => `Bei TMDb mit ${tenths.format(average)} bewertet, aus ${voters(votes)}`,
  in_catalogue: () => 'Neu für dich und in diesem Katalog',
};
