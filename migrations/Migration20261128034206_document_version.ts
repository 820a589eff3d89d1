import { Migration } from '@mikro-orm/migrations';

export class Migration20261128034206_document_version extends Migration {
  override name = 'Migration20261128034206_document_version';

  override up(): void | Promise<void> {
    this.addSql(`alter table "movie_documents" add "version" int not null default 0;`);
    this.addSql(`create index "movie_documents_version_index" on "movie_documents" ("version", "movie_id");`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "movie_documents_version_index";`);
    this.addSql(`alter table "movie_documents" drop column "version";`);
  }
}
