import { Migration } from '@mikro-orm/migrations';

export class Migration20261128052255_totp extends Migration {
  override name = 'Migration20261128052255_totp';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "totp_recovery_codes" ("code_hash" bytea not null, "user_id" uuid not null, primary key ("code_hash"));`,
    );
    this.addSql(`create index "totp_recovery_codes_user_id_index" on "totp_recovery_codes" ("user_id");`);

    this.addSql(
      `create table "user_totp" ("user_id" uuid not null, "secret" varchar(64) not null, "confirmed_at" timestamptz null, "last_step" bigint not null default '0', "created_at" timestamptz not null default now(), primary key ("user_id"));`,
    );

    this.addSql(`alter table "sessions" add "totp" boolean not null default false;`);

    this.addSql(
      `alter table "totp_recovery_codes" add constraint "totp_recovery_codes_user_id_foreign" foreign key ("user_id") references "users" ("id") on update no action on delete cascade;`,
    );

    this.addSql(
      `alter table "user_totp" add constraint "user_totp_user_id_foreign" foreign key ("user_id") references "users" ("id") on update no action on delete cascade;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "totp_recovery_codes" cascade;`);
    this.addSql(`drop table if exists "user_totp" cascade;`);

    this.addSql(`alter table "sessions" drop column "totp";`);
  }
}
