import { Migration } from '@mikro-orm/migrations';

/** How well known somebody is: coarse, so that a popularity that moves every day seldom writes anything here. */
const personRenown = `
create function person_renown(popularity float8) returns smallint language sql immutable parallel safe as $$
  select case when popularity >= 10 then 2 when popularity >= 2 then 1 else 0 end::smallint
$$;`;

const putKnownName = `
create function put_person_name(of_person int, name text, popularity float8) returns void language plpgsql as $$
begin
  perform put_person_name(of_person, name);
  update person_names set renown = person_renown(popularity)
  where person_id = of_person and renown <> person_renown(popularity);
end $$;`;

export class Migration20261128071127_people_renown extends Migration {
  override name = 'Migration20261128071127_people_renown';

  override up(): void | Promise<void> {
    this.addSql(`drop trigger if exists "people_keep_name" on "people";`);
    this.addSql(`drop function if exists "people_people_keep_name_fn"();`);
    this.addSql(
      `create or replace function "people_people_keep_name_fn"() returns trigger as $$ begin if (old.name, old.popularity >= 10, old.popularity >= 2) is distinct from (new.name, new.popularity >= 10, new.popularity >= 2) then perform put_person_name(new.id, new.name, new.popularity); end if; return null; end; $$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "people_keep_name" AFTER INSERT OR UPDATE on "people" for each ROW execute function "people_people_keep_name_fn"();`,
    );

    this.addSql(`alter table "person_names" add "renown" smallint not null default 0;`);
    for (const sql of [personRenown, putKnownName]) this.addSql(sql);
    this.addSql('set local statement_timeout = 0;');
    this.addSql(
      `update person_names n set renown = person_renown(p.popularity) from people p where p.id = n.person_id and p.popularity >= 2;`,
    );
    this.addSql(
      `create index person_names_best_words_index on person_names using gin (words) where renown = 2;`,
    );
    this.addSql(
      `create index person_names_known_words_index on person_names using gin (words) where renown >= 1;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop trigger if exists "people_keep_name" on "people";`);
    this.addSql(`drop function if exists "people_people_keep_name_fn"();`);
    this.addSql(
      `create or replace function "people_people_keep_name_fn"() returns trigger as $$ begin if old.name is distinct from new.name then perform put_person_name(new.id, new.name); end if; return null; end; $$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "people_keep_name" AFTER INSERT OR UPDATE on "people" for each ROW execute function "people_people_keep_name_fn"();`,
    );

    this.addSql(`drop index "person_names_best_words_index";`);
    this.addSql(`drop index "person_names_known_words_index";`);
    this.addSql(`drop function put_person_name(int, text, float8);`);
    this.addSql(`drop function person_renown;`);
    this.addSql(`alter table "person_names" drop column "renown";`);
  }
}
