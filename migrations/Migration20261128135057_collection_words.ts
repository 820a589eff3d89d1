import { Migration } from '@mikro-orm/migrations';

/** Search finds collections by `collection_names`, in every language. No released version has read this column. */
export class Migration20261128135057_collection_words extends Migration {
  override name = 'Migration20261128135057_collection_words';

  override up(): void | Promise<void> {
    this.addSql(`drop index "collections_words_index";`);
    this.addSql(`alter table "collections" drop column "words";`);
  }

  override down(): void | Promise<void> {
    this.addSql('set local statement_timeout = 0;');
    this.addSql(
      `alter table "collections" add "words" tsvector generated always as (to_tsvector('simple', translate(search_text(name), '|', ' '))) stored not null;`,
    );
    this.addSql(`create index collections_words_index on collections using gin (words);`);
  }
}
