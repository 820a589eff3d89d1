import { Migration } from '@mikro-orm/migrations';

/** Sealed secrets are longer. Those that are stored plainly are sealed by the api when it starts. */
export class Migration20261128065732_seal_totp_secrets extends Migration {
  override name = 'Migration20261128065732_seal_totp_secrets';

  override up(): void | Promise<void> {
    this.addSql(`create index "users_created_at_index" on "users" ("created_at");`);

    this.addSql(`alter table "user_totp" alter column "secret" type varchar(255);`);
  }

  /** Fails where something is sealed: cut off, it would keep its owner out. */
  override down(): void | Promise<void> {
    this.addSql(`alter table "user_totp" alter column "secret" type varchar(64);`);

    this.addSql(`drop index "users_created_at_index";`);
  }
}
