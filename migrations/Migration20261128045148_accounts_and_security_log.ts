import { Migration } from '@mikro-orm/migrations';

export class Migration20261128045148_accounts_and_security_log extends Migration {
  override name = 'Migration20261128045148_accounts_and_security_log';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "security_events" ("id" bigserial primary key, "at" timestamptz not null, "event" varchar(24) not null, "outcome" varchar(8) not null, "user_id" varchar(64) null, "subject_id" varchar(64) null, "address_key" varchar(64) null, "detail" varchar(200) null);`,
    );
    this.addSql(`create index "security_events_at_index" on "security_events" ("at");`);
    this.addSql(`create index "security_events_user_id_index" on "security_events" ("user_id");`);
    this.addSql(`create index "security_events_subject_id_index" on "security_events" ("subject_id");`);

    this.addSql(
      `create table "password_resets" ("token_hash" bytea not null, "user_id" uuid not null, "created_at" timestamptz not null default now(), "expires_at" timestamptz not null, primary key ("token_hash"));`,
    );
    this.addSql(`create index "password_resets_user_id_index" on "password_resets" ("user_id");`);

    this.addSql(`alter table "users" add "locked_at" timestamptz null;`);

    this.addSql(
      `alter table "sessions" add "kind" varchar(8) not null default 'api', add "device" varchar(100) null, add "network" varchar(45) null;`,
    );
    this.addSql(
      `alter table "sessions" add constraint "sessions_kind_check" check (kind in ('api', 'console'));`,
    );

    this.addSql(`alter table "refresh_tokens" add "uses" smallint not null default 0;`);

    this.addSql(
      `alter table "password_resets" add constraint "password_resets_user_id_foreign" foreign key ("user_id") references "users" ("id") on update no action on delete cascade;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "security_events" cascade;`);
    this.addSql(`drop table if exists "password_resets" cascade;`);

    this.addSql(`alter table "refresh_tokens" drop column "uses";`);

    this.addSql(`alter table "sessions" drop constraint "sessions_kind_check";`);
    this.addSql(`alter table "sessions" drop column "kind", drop column "device", drop column "network";`);

    this.addSql(`alter table "users" drop column "locked_at";`);
  }
}
