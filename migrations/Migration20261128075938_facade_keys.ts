import { Migration } from '@mikro-orm/migrations';

export class Migration20261128075938_facade_keys extends Migration {
  override name = 'Migration20261128075938_facade_keys';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "facade_keys" ("id" uuid not null, "name" varchar(100) not null, "api_key_hash" bytea not null, "token_hash" bytea not null, "created_at" timestamptz not null default now(), "last_used_at" timestamptz null, primary key ("id"));`,
    );
    this.addSql(`alter table "facade_keys" add constraint "facade_keys_name_unique" unique ("name");`);
    this.addSql(
      `alter table "facade_keys" add constraint "facade_keys_api_key_hash_unique" unique ("api_key_hash");`,
    );
    this.addSql(
      `alter table "facade_keys" add constraint "facade_keys_token_hash_unique" unique ("token_hash");`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "facade_keys" cascade;`);
  }
}
