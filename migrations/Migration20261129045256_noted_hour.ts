import { Migration } from '@mikro-orm/migrations';

/** Of bits that were made before, nobody knows when: the job makes them anew. */
export class Migration20261129045256_noted_hour extends Migration {
  override name = 'Migration20261129045256_noted_hour';

  override up(): void | Promise<void> {
    this.addSql(`delete from common_terms;`);
    this.addSql(`alter table "common_terms" add "noted_hour" int not null;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "common_terms" drop column "noted_hour";`);
  }
}
