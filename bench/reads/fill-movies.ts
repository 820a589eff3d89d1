import { detailStatement } from '#api/movies/detail-statement.ts';
import { selectDocument } from '#api/movies/select-movie.ts';
import type { Database } from '#shared/orm/database.ts';
import { saveMovies } from '#worker/movies/save-movies.ts';
import { onClient } from '../bench-postgres.ts';
import { deafLocalization, english, englishTexts } from '../english.ts';
import { generatedMovies, saveGenreList } from '../generated-movies.ts';

/** Copies take ids this far from each other's; a hundred of them fit into an integer. */
const apart = 20_000_000;
/** The copies share so many casts, so that people, too, become far more than what one movie's neighbours know. */
const casts = 10;

/** Mirrors the sandbox's first movies, and keeps their whole answers ready made beside them. */
export async function fillMovies(database: Database, count: number): Promise<void> {
  await saveGenreList(database);
  const movies = generatedMovies(count);
  for (let start = 0; start < movies.length; start += 100)
    await saveMovies(database.orm.em.fork(), movies.slice(start, start + 100), { now: new Date() });
  await database.pool.query('create table bench_answers (tmdb_id int primary key, body text)');
  const { genreNames } = deafLocalization(database);
  const documents = { pool: database.pool, genreNames };
  for (const { tmdb_id: id } of movies) {
    const statement = detailStatement({ tmdbId: id, ...englishTexts });
    const { data } = await selectDocument(documents, statement, english);
    const body = `{"status":"success","data":${data},"meta":{"source":"mirror"}}`;
    await database.pool.query('insert into bench_answers values ($1, $2)', [id, body]);
  }
  await onClient(database.clientConfig, 'vacuum analyze');
}

/** Multiplies what is there, with all that hangs on it, by SQL alone. */
export async function multiplyMovies(database: Database, times: number): Promise<void> {
  const { rows } = await database.pool.query<{ name: string }>(`
    select quote_ident(column_name) as name from information_schema.columns
    where table_schema = 'public' and table_name = 'movies' and column_name not in ('id', 'tmdb_id') and is_generated = 'NEVER'`);
  const columns = rows.map(({ name }) => name).join(', ');
  const shift = (key: string) => `${key} + c.n * ${apart}`;
  await onClient(
    database.clientConfig,
    'begin',
    // The copies are right by construction: no need to look up every reference.
    'set local session_replication_role = replica',
    `create temporary table movie_copies on commit drop as
      select m.id as from_id, nextval(pg_get_serial_sequence('movies', 'id')) as id, m.tmdb_id, n
      from generate_series(1, ${times - 1}) as n cross join movies m where m.state = 'detailed' order by n, m.id`,
    `insert into movies (id, tmdb_id, ${columns})
      select c.id, ${shift('m.tmdb_id')}, ${columns.replace(/^|(?<=, )/g, 'm.')}
      from movie_copies c join movies m on m.id = c.from_id`,
    `insert into movie_titles (movie_id, tmdb_id, title_key, original_key, words, version)
      select c.id, ${shift('t.tmdb_id')}, title_key, original_key, words, version
      from movie_copies c join movie_titles t on t.movie_id = c.from_id`,
    `insert into people (id, name, profile_path, known_for_department, popularity)
      select ${shift('p.id')}, p.name, p.profile_path, p.known_for_department, p.popularity
      from people p cross join generate_series(1, ${casts - 1}) as c(n)`,
    `insert into credits (movie_id, credit_id, person_id, kind, character, department, job, "order", position)
      select c.id, credit_id, person_id + (c.n % ${casts}) * ${apart}, kind, character, department, job, "order", position
      from movie_copies c join credits on credits.movie_id = c.from_id`,
    `insert into movie_genres (movie_id, genre_id, position)
      select c.id, genre_id, position from movie_copies c join movie_genres g on g.movie_id = c.from_id`,
    `insert into movie_keywords (movie_id, keyword_id, position)
      select c.id, keyword_id, position from movie_copies c join movie_keywords k on k.movie_id = c.from_id`,
    `insert into movie_documents (movie_id, document, version)
      select c.id, document, version from movie_copies c join movie_documents d on d.movie_id = c.from_id`,
    `insert into bench_answers select ${shift('c.tmdb_id')}, a.body
      from movie_copies c join bench_answers a on a.tmdb_id = c.tmdb_id`,
    'commit',
    'vacuum analyze',
    // What was written is on its way to the disk for a while yet: not during the measurement.
    'checkpoint',
  );
}

export async function mirroredIds({ pool }: Database): Promise<Int32Array> {
  const { rows } = await pool.query<{ tmdb_id: number }>(
    `select tmdb_id from movies where state = 'detailed' order by hashint4(tmdb_id)`,
  );
  return Int32Array.from(rows, (row) => row.tmdb_id);
}
