import { Migration } from '@mikro-orm/migrations';

/** Large tables are not counted while somebody waits: the last count is kept. */
export class Migration20261128213326_counted_figures extends Migration {
  override name = 'Migration20261128213326_counted_figures';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "counted_figures" ("name" varchar(32) not null, "figures" json not null, "counted_at" timestamptz not null, "took_ms" double precision not null, primary key ("name"));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table "counted_figures";`);
  }
}
