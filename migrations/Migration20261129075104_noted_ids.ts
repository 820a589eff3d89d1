import { Migration } from '@mikro-orm/migrations';

/** Ids of rarer terms, of all orders and of releases in each country: long lists are found without looking any movie up. */
export class Migration20261129075104_noted_ids extends Migration {
  override name = 'Migration20261129075104_noted_ids';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "noted_ids" ("term" bigint not null, "ids" bytea not null, primary key ("term"));`,
    );
    // Ids say little of one another: to pack them would only cost time.
    this.addSql('alter table noted_ids alter column ids set storage external;');
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "noted_ids" cascade;`);
  }
}
