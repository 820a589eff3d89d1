import { Migration } from '@mikro-orm/migrations';

const putCollectionName = `
create function put_collection_name(of_collection int, in_language text, called text) returns void language plpgsql as $$
declare
  folded text := search_text(called);
begin
  insert into collection_names as n (collection_id, language, name, name_key, words, version)
  values (of_collection, in_language, called, search_key(folded), array_to_tsvector(search_words(folded)), search_version())
  on conflict on constraint collection_names_pkey do update
  set name = excluded.name, name_key = excluded.name_key, words = excluded.words, version = excluded.version
  where (n.name, n.version) is distinct from (excluded.name, excluded.version);
end $$;`;

/** Whoever writes a collection, it is found by its name. */
const keepCollectionName = `
create function keep_collection_name() returns trigger language plpgsql as $$
begin
  perform put_collection_name(new.id, '', new.name);
  return null;
end $$;
create trigger collections_keep_name after insert or update of name on collections
  for each row execute function keep_collection_name();`;

export class Migration20261128103422_collection_names extends Migration {
  override name = 'Migration20261128103422_collection_names';

  override up(): void | Promise<void> {
    this.addSql('set local statement_timeout = 0;');
    this.addSql(
      `create table "collection_names" ("collection_id" int not null, "language" varchar(5) not null, "name" text not null, "name_key" text not null, "words" tsvector not null, "version" int not null default 0, primary key ("collection_id", "language"));`,
    );
    this.addSql(
      `create index "collection_names_version_index" on "collection_names" ("version", "collection_id");`,
    );
    this.addSql(`create index collection_names_words_index on collection_names using gin (words);`);
    this.addSql(
      `alter table "collection_names" add constraint "collection_names_collection_id_foreign" foreign key ("collection_id") references "collections" ("id") on update no action on delete cascade;`,
    );
    this.addSql(putCollectionName);
    this.addSql(keepCollectionName);
    // There are a few thousand.
    this.addSql(`select count(put_collection_name(id, '', name)) from collections;`);
  }

  override down(): void | Promise<void> {
    this.addSql('drop trigger collections_keep_name on collections;');
    this.addSql('drop function keep_collection_name();');
    this.addSql('drop function put_collection_name(int, text, text);');
    this.addSql(`drop table if exists "collection_names" cascade;`);
  }
}
