import { Migration } from '@mikro-orm/migrations';

/** All of GIN: a look-up reads whatever waits to be merged, up to 4 MB of it by default. */
const indexes = [
  'collection_names_words_index',
  'collections_words_index',
  'companies_words_index',
  'keywords_words_index',
  'movie_other_titles_best_words_index',
  'movie_other_titles_known_words_index',
  'movie_other_titles_words_index',
  'movie_terms_terms_index',
  'movie_titles_words_index',
  'name_words_similar_index',
  'other_title_words_similar_index',
  'person_names_best_words_index',
  'person_names_known_words_index',
  'person_names_words_index',
  'title_words_similar_index',
];

export class Migration20261128134000_soon_merged_indexes extends Migration {
  override name = 'Migration20261128134000_soon_merged_indexes';

  override up(): void | Promise<void> {
    for (const index of indexes) this.addSql(`alter index ${index} set (gin_pending_list_limit = 128);`);
  }

  override down(): void | Promise<void> {
    for (const index of indexes) this.addSql(`alter index ${index} reset (gin_pending_list_limit);`);
  }
}
