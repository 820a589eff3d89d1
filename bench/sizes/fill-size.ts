import type pg from 'pg';
import type { Database } from '#shared/orm/database.ts';
import { saveMovies } from '#worker/movies/save-movies.ts';
import { generatedMovies, saveGenreList } from '../generated-movies.ts';
import { copyCrowd } from '../neighbours/fill-crowd.ts';
import { fillCatalogue } from '../search/fill-catalogue.ts';
import { inventedNames } from '../search/open-catalogue.ts';
import { withClient } from '../write/copy.ts';

export interface Size {
  movies: number;
  users: number;
}

const interactionsEach = 20;
const patterns = 60;

/**
 * So many movies with their people, titles and what is ready of them, and so many users with their interactions.
 * @returns how many interactions
 */
export async function fillSize(database: Database, { movies, users }: Size): Promise<number> {
  await fillCatalogue(database, { count: movies, ...inventedNames() });
  await saveGenreList(database);
  await saveMovies(database.orm.em.fork(), generatedMovies(patterns), { now: new Date() });
  return withClient({ ...database.clientConfig, statement_timeout: 0 }, async (client) => {
    await client.query("set session_replication_role = replica; set maintenance_work_mem = '256MB'");
    await copyReady(client);
    const interactions = await copyCrowd(client, { users, movies, perUser: interactionsEach });
    await client.query('vacuum analyze');
    await client.query('checkpoint');
    return interactions;
  });
}

/** What the worker writes of a movie with details so that it can be answered at once. */
const readyTables = ['movie_documents'];
/** The answer, and by which is seen what it was made of. */
const ready = ['answer', 'answer_made_of', 'content_hash', 'parts_hash', 'parts_version'];

/** Every movie with details gets what is ready of one that the worker has written: as large as its own would be. */
async function copyReady(client: pg.Client): Promise<void> {
  await client.query(`
    create temporary table copies as
    with patterns as (select id, row_number() over (order by id) as n from movies where content_hash is not null)
    select m.id, p.id as from_id from movies m
    join patterns p on p.n = 1 + m.id % (select count(*) from patterns)
    where m.state = 'detailed' and m.content_hash is null`);
  await client.query('analyze copies');
  await withoutIndexes(client, 'movies', () =>
    client.query(`
      update movies m set ${ready.map((name) => `${name} = p.${name}`).join(', ')}
      from copies c join movies p on p.id = c.from_id where m.id = c.id`),
  );
  for (const table of readyTables) {
    const { rows } = await client.query<{ name: string }>(
      `select quote_ident(attname) as name from pg_attribute
        where attrelid = $1::regclass and attnum > 0 and not attisdropped and attname <> 'movie_id'`,
      [table],
    );
    const columns = rows.map(({ name }) => name).join(', ');
    await client.query(`
      insert into ${table} (movie_id, ${columns})
      select c.id, ${columns} from copies c join ${table} on movie_id = c.from_id`);
  }
}

/** To build the indexes of a table anew takes a fraction of what their entries for each new row take. */
async function withoutIndexes(
  client: pg.Client,
  table: string,
  write: () => Promise<unknown>,
): Promise<void> {
  const { rows } = await client.query<{ name: string; made: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as made from pg_index
      where indrelid = $1::regclass and not exists (select from pg_constraint where conindid = indexrelid)`,
    [table],
  );
  for (const { name } of rows) await client.query(`drop index ${name}`);
  await write();
  for (const { made } of rows) await client.query(made);
}
