import { Migration } from '@mikro-orm/migrations';

/** What a movie shows of its collection stands in its answer: with another English name, the answer is made again. */
export class Migration20261128215446_shown_collection_names extends Migration {
  override name = 'Migration20261128215446_shown_collection_names';

  override up(): void | Promise<void> {
    this.addSql(
      `create or replace function "collection_names_collection_names_show_fn"() returns trigger as $$ begin if left(coalesce(new.language, old.language), 2) = 'en' and new.name is distinct from old.name then perform 1 from collections where id = coalesce(new.collection_id, old.collection_id) for update; update movies set parts_version = 1, answer_made_of = null where collection_id = coalesce(new.collection_id, old.collection_id) and parts_version is not null; end if; return null; end; $$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "collection_names_show" AFTER INSERT OR UPDATE OR DELETE on "collection_names" for each ROW execute function "collection_names_collection_names_show_fn"();`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop trigger if exists "collection_names_show" on "collection_names";`);
    this.addSql(`drop function if exists "collection_names_collection_names_show_fn"();`);
  }
}
