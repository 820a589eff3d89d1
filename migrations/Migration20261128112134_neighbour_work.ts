import { Migration } from '@mikro-orm/migrations';

export class Migration20261128112134_neighbour_work extends Migration {
  override name = 'Migration20261128112134_neighbour_work';

  override up(): void | Promise<void> {
    // Written every few seconds for minutes, and then emptied: not worth any log. Packed numbers are not compressed.
    this.addSql(
      `create unlogged table "neighbour_work" ("name" varchar(64) not null, "part" int not null, "data" bytea not null, primary key ("name", "part"));`,
    );
    this.addSql(`alter table "neighbour_work" alter column "data" set storage external;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "neighbour_work" cascade;`);
  }
}
