import { Migration } from '@mikro-orm/migrations';

/** One row written once: it stands in four indexes, and was written twice for everybody who is well known. */
const putAtOnce = `
create or replace function put_person_name(of_person int, name text, popularity float8) returns void language plpgsql as $$
declare
  folded text := search_text(name);
  words text[] := search_words(folded);
begin
  insert into person_names as n (person_id, name_key, words, renown, version)
  values (of_person, search_key(folded), array_to_tsvector(words), person_renown(popularity), search_version())
  on conflict on constraint person_names_pkey do update
  set name_key = excluded.name_key, words = excluded.words, renown = excluded.renown, version = excluded.version;
  insert into name_words (word, writer)
  select distinct word, pg_backend_pid() from unnest(words) as found(word)
  where length(word) between 3 and 30 and word !~ '^(=|[0-9]+$)'
    and not exists (select 1 from name_words known where known.word = found.word)
  on conflict do nothing;
end $$;`;

const putTwice = `
create or replace function put_person_name(of_person int, name text, popularity float8) returns void language plpgsql as $$
begin
  perform put_person_name(of_person, name);
  update person_names set renown = person_renown(popularity)
  where person_id = of_person and renown <> person_renown(popularity);
end $$;`;

export class Migration20261128113000_person_name_at_once extends Migration {
  override name = 'Migration20261128113000_person_name_at_once';

  override up(): void | Promise<void> {
    this.addSql(putAtOnce);
  }

  override down(): void | Promise<void> {
    this.addSql(putTwice);
  }
}
