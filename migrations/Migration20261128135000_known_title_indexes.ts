import { Migration } from '@mikro-orm/migrations';

export class Migration20261128135000_known_title_indexes extends Migration {
  override name = 'Migration20261128135000_known_title_indexes';

  override up(): void | Promise<void> {
    this.addSql('set local statement_timeout = 0;');
    this.addSql(
      `create index movie_titles_best_words_index on movie_titles using gin (words) with (gin_pending_list_limit = 128) where words @@ '''#1'''::tsquery;`,
    );
    this.addSql(
      `create index movie_titles_known_words_index on movie_titles using gin (words) with (gin_pending_list_limit = 128) where words @@ '''#2'''::tsquery;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index movie_titles_best_words_index;`);
    this.addSql(`drop index movie_titles_known_words_index;`);
  }
}
