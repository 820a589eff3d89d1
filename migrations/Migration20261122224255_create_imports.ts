import { Migration } from '@mikro-orm/migrations';

export class Migration20261122224255_create_imports extends Migration {
  override name = 'Migration20261122224255_create_imports';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "user_imports" ("id" uuid not null, "user_id" uuid not null, "source" varchar(16) not null, "list" varchar(16) not null, "list_assumed" boolean not null, "status" varchar(16) not null default 'queued', "rows" int not null, "matched" int not null default 0, "ambiguous" int not null default 0, "not_found" int not null default 0, "added" int not null default 0, "unchanged" int not null default 0, "failures" smallint not null default 0, "error" text null, "created_at" timestamptz not null default now(), "finished_at" timestamptz null, primary key ("id"));`,
    );
    this.addSql(
      `create index user_imports_newest_index on user_imports (user_id, created_at desc, id desc);`,
    );
    this.addSql(
      `create unique index user_imports_one_live_per_user on user_imports (user_id) where status in ('queued', 'running');`,
    );

    this.addSql(
      `create table "user_import_rows" ("import_id" uuid not null, "line" int not null, "same_as" int not null, "status" varchar(16) not null default 'pending', "title" text null, "original_title" text null, "year" smallint null, "given_tmdb_id" int null, "given_imdb_id" varchar(16) null, "rating" smallint null, "at" timestamptz null, "tmdb_id" int null, "matched_by" varchar(16) null, "reason" text null, "candidates" jsonb null, primary key ("import_id", "line"));`,
    );
    this.addSql(`create index user_import_rows_status_index on user_import_rows (import_id, status, line);`);
    this.addSql(`create index user_import_rows_same_as_index on user_import_rows (import_id, same_as);`);

    this.addSql(
      `create index movies_folded_title_index on movies ((coalesce(nullif(case when octet_length(title) = length(title) then regexp_replace(replace(lower(left(title, 255)), '&', 'and'), '[^a-z0-9]+', '', 'g') else left(regexp_replace(replace(replace(replace(translate(normalize(regexp_replace(normalize(replace(lower(left(title, 255)), '&', 'and'), nfkd), '[\\u0300-\\u036f]+', '', 'g'), nfkc), 'øłđı', 'oldi'), 'æ', 'ae'), 'œ', 'oe'), 'ß', 'ss'), '[[:punct:][:space:]\\u00a0-\\u00bf\\u2000-\\u206f\\u3000-\\u303f]+', '', 'g'), 255) end, ''), btrim(lower(left(title, 255)))))) where state in ('listed', 'detailed');`,
    );
    this.addSql(
      `create index movies_folded_original_title_index on movies ((coalesce(nullif(case when octet_length(original_title) = length(original_title) then regexp_replace(replace(lower(left(original_title, 255)), '&', 'and'), '[^a-z0-9]+', '', 'g') else left(regexp_replace(replace(replace(replace(translate(normalize(regexp_replace(normalize(replace(lower(left(original_title, 255)), '&', 'and'), nfkd), '[\\u0300-\\u036f]+', '', 'g'), nfkc), 'øłđı', 'oldi'), 'æ', 'ae'), 'œ', 'oe'), 'ß', 'ss'), '[[:punct:][:space:]\\u00a0-\\u00bf\\u2000-\\u206f\\u3000-\\u303f]+', '', 'g'), 255) end, ''), btrim(lower(left(original_title, 255)))))) where state in ('listed', 'detailed') and original_title <> title;`,
    );

    this.addSql(
      `alter table "user_imports" add constraint "user_imports_user_id_foreign" foreign key ("user_id") references "users" ("id") on update no action on delete cascade;`,
    );
    this.addSql(
      `alter table "user_imports" add constraint "user_imports_source_check" check (source in ('letterboxd', 'imdb'));`,
    );
    this.addSql(
      `alter table "user_imports" add constraint "user_imports_list_check" check (list in ('watched', 'watchlist', 'ratings', 'likes'));`,
    );
    this.addSql(
      `alter table "user_imports" add constraint "user_imports_status_check" check (status in ('queued', 'running', 'succeeded', 'failed'));`,
    );

    this.addSql(
      `alter table "user_import_rows" add constraint "user_import_rows_import_id_foreign" foreign key ("import_id") references "user_imports" ("id") on update no action on delete cascade;`,
    );
    this.addSql(
      `alter table "user_import_rows" add constraint "user_import_rows_status_check" check (status in ('pending', 'matched', 'ambiguous', 'not_found'));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "user_import_rows" drop constraint "user_import_rows_import_id_foreign";`);

    this.addSql(`drop table if exists "user_imports" cascade;`);
    this.addSql(`drop table if exists "user_import_rows" cascade;`);

    this.addSql(`drop index "movies_folded_title_index";`);
    this.addSql(`drop index "movies_folded_original_title_index";`);
  }
}
