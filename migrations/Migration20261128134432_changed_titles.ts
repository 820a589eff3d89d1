import { Migration } from '@mikro-orm/migrations';

interface Kept {
  table: string;
  /** Of the key, besides the movie. */
  column: string;
  kind: number;
  /** Writes what movies are found by. Where a movie has no title any more, it leaves the row as it is. */
  put: string;
}

const kept: Kept[] = [
  { table: 'movie_translations', column: 'language', kind: 0, put: 'put_translated_titles' },
  { table: 'movie_alternative_titles', column: 'position', kind: 1, put: 'put_alternative_titles' },
];

/**
 * So far rows were only ever inserted, for all of a movie at once. Now that rows are also changed and deleted by
 * themselves, what the movie is found by follows that, too.
 * @param movies selects the ids of movies whose titles are others now
 */
const keepTitles = ({ table, kind, put }: Kept, name: string, movies: string) => `
create function ${name}_${table}() returns trigger language plpgsql as $$
declare
  ids bigint[] := array(${movies});
begin
  if cardinality(ids) > 0 then
    perform ${put}(ids);
    delete from movie_other_titles o where o.kind = ${kind} and o.movie_id = any(ids)
      and not exists (select 1 from ${table} t where t.movie_id = o.movie_id and t.title <> '');
  end if;
  return null;
end $$;`;

/** As it was, but for a statement that inserts nothing. @param guard what is asked before */
const keepInserted = ({ table, put }: Kept, guard: string) => `
create or replace function keep_${table}() returns trigger language plpgsql as $$
begin
  ${guard}perform ${put}(array(select distinct movie_id from changed where title <> ''));
  return null;
end $$;`;

export class Migration20261128134432_changed_titles extends Migration {
  override name = 'Migration20261128134432_changed_titles';

  override up(): void | Promise<void> {
    for (const each of kept) {
      const { table, column } = each;
      this.addSql(keepInserted(each, 'if not exists (select 1 from changed) then return null; end if;\n  '));
      this.addSql(
        keepTitles(
          each,
          'change',
          `select movie_id from (select movie_id, ${column}, title from changed except select movie_id, ${column}, title from former) c group by movie_id`,
        ),
      );
      this.addSql(keepTitles(each, 'lose', "select distinct movie_id from former where title <> ''"));
      this.addSql(
        `create trigger ${table}_change_titles after update on ${table} referencing old table as former new table as changed for each statement execute function change_${table}();`,
      );
      this.addSql(
        `create trigger ${table}_lose_titles after delete on ${table} referencing old table as former for each statement execute function lose_${table}();`,
      );
    }
  }

  override down(): void | Promise<void> {
    for (const each of kept) {
      const { table } = each;
      this.addSql(keepInserted(each, ''));
      for (const name of ['change', 'lose']) {
        this.addSql(`drop trigger ${table}_${name}_titles on ${table};`);
        this.addSql(`drop function ${name}_${table}();`);
      }
    }
  }
}
