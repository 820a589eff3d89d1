import { Migration } from '@mikro-orm/migrations';

export class Migration20261128045631_login_networks extends Migration {
  override name = 'Migration20261128045631_login_networks';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "login_networks" ("user_id" uuid not null, "network" varchar(64) not null, "last_at" timestamptz not null default now(), primary key ("user_id", "network"));`,
    );

    this.addSql(
      `alter table "login_networks" add constraint "login_networks_user_id_foreign" foreign key ("user_id") references "users" ("id") on update no action on delete cascade;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "login_networks" cascade;`);
  }
}
