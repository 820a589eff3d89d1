import { Migration } from '@mikro-orm/migrations';

/**
 * All names of a statement at once: the same for each row by itself took twice as long. Whether a word is known is
 * looked up in the index for each one (`offset 0`): the planner guesses too many, and would read all known words.
 */
const putNames = `
create function put_person_names(of_people int[]) returns void language plpgsql as $$
begin
  with named as materialized (
    select id, popularity, folded, search_words(folded) as words
    from (select id, popularity, search_text(name) as folded from people where id = any(of_people) offset 0) p
  ), put as (
    insert into person_names as n (person_id, name_key, words, renown, version)
    select id, search_key(folded), array_to_tsvector(words), person_renown(popularity), search_version()
    from named order by id
    on conflict on constraint person_names_pkey do update
    set name_key = excluded.name_key, words = excluded.words, renown = excluded.renown, version = excluded.version
  )
  insert into name_words (word, writer)
  select word, pg_backend_pid() from (select distinct word from named cross join unnest(words) as word) found
  where length(word) between 3 and 30 and word !~ '^(=|[0-9]+$)'
    and not exists (select from name_words known where known.word = found.word offset 0)
  order by word
  on conflict do nothing;
end $$;`;

/** @param people selects the ids of people whose names are to be written */
const keepNames = (name: string, people: string) => `
create function ${name}_people() returns trigger language plpgsql as $$
declare
  ids int[] := array(${people});
begin
  if cardinality(ids) > 0 then perform put_person_names(ids); end if;
  return null;
end $$;`;

/** What of a person its name's row is made of. */
const shown = 'id, name, popularity >= 10, popularity >= 2';

const putName = `
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

export class Migration20261129114104_names_of_many_people extends Migration {
  override name = 'Migration20261129114104_names_of_many_people';

  override up(): void | Promise<void> {
    this.addSql(`drop trigger if exists "people_keep_name" on "people";`);
    this.addSql(`drop function if exists "people_people_keep_name_fn"();`);
    this.addSql('drop function put_person_name(int, text, float8);');
    this.addSql(putNames);
    this.addSql(keepNames('keep', 'select id from changed'));
    this.addSql(
      keepNames(
        'change',
        `select id from (select ${shown} from changed except select ${shown} from former) c`,
      ),
    );
    this.addSql(
      'create trigger people_keep_names after insert on people referencing new table as changed for each statement execute function keep_people();',
    );
    this.addSql(
      'create trigger people_change_names after update on people referencing old table as former new table as changed for each statement execute function change_people();',
    );
  }

  override down(): void | Promise<void> {
    for (const name of ['keep', 'change']) {
      this.addSql(`drop trigger people_${name}_names on people;`);
      this.addSql(`drop function ${name}_people();`);
    }
    this.addSql('drop function put_person_names(int[]);');
    this.addSql(putName);
    this.addSql(
      `create or replace function "people_people_keep_name_fn"() returns trigger as $$ begin if (old.name, old.popularity >= 10, old.popularity >= 2) is distinct from (new.name, new.popularity >= 10, new.popularity >= 2) then perform put_person_name(new.id, new.name, new.popularity); end if; return null; end; $$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "people_keep_name" AFTER INSERT OR UPDATE on "people" for each ROW execute function "people_people_keep_name_fn"();`,
    );
  }
}
