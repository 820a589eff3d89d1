import { Migration } from '@mikro-orm/migrations';

export class Migration20261128134659_people_fields extends Migration {
  override name = 'Migration20261128134659_people_fields';

  override up(): void | Promise<void> {
    this.addSql('set local statement_timeout = 0;');
    this.addSql(
      `alter table "people" add "gender" smallint null, add "original_name" text null, add "adult" boolean null, add "imdb_id" varchar(11) null;`,
    );
    this.addSql(`create index people_imdb_id_index on people (imdb_id) where imdb_id is not null;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "people_imdb_id_index";`);
    this.addSql(
      `alter table "people" drop column "gender", drop column "original_name", drop column "adult", drop column "imdb_id";`,
    );
  }
}
