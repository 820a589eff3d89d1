import { runStatement } from '#shared/db/run-statement.ts';
import { raw, sql } from '#shared/db/sql.ts';
import { foldedTitleSql } from '#shared/movies/folded-title-sql.ts';
import type { Sql } from '#worker/store/write-transaction.ts';
import { chooseMovie } from './choose-movie.ts';
import { contradicts } from './contradicts.ts';
import type { Candidate, PendingRow, Settled } from './import-row.ts';

export interface MirrorMatches {
  settled: Map<number, Settled>;
  /** By line, the movies of the mirror that have the title of a row that is not settled. */
  namesakes: Map<number, Candidate[]>;
}

/** More of one title are not looked at: nobody can choose between them. */
const maxNamesakes = 50;

interface MirrorOptions {
  /** Whether the mirror has every movie there is: only then does a title of its tell that there is no other. */
  complete: boolean;
}

/**
 * What the mirror can tell of rows, with three look-ups for all of them: by TMDb's id, by IMDb's, by title. A row
 * with an id is never matched by its title, and never by an id that its title and year speak against. A movie of the
 * title whose year is one off settles nothing here, where the right one may be missing: TMDb is asked first.
 */
export async function matchInMirror(
  on: Sql,
  rows: readonly PendingRow[],
  { complete }: MirrorOptions,
): Promise<MirrorMatches> {
  const settled = new Map<number, Settled>();
  const open = (has: (row: PendingRow) => boolean) =>
    rows.filter((row) => !settled.has(row.line) && has(row));
  const byTmdbId = open((row) => row.given_tmdb_id !== null);
  const ofTmdbId = byLine(await findByTmdbId(on, byTmdbId));
  for (const row of byTmdbId)
    for (const movie of ofTmdbId.get(row.line) ?? [])
      if (!contradicts(row, movie))
        settled.set(row.line, { status: 'matched', tmdbId: movie.tmdb_id, by: 'tmdb_id' });
  const byImdbId = open((row) => row.given_tmdb_id === null && row.given_imdb_id !== null);
  const ofImdbId = await findByImdbId(on, byImdbId);
  for (const row of byImdbId) {
    const movies = ofImdbId.get(row.line) ?? [];
    const isDoubtful = movies.length === 1 && movies.some((movie) => contradicts(row, movie));
    if (movies.length > 0 && !isDoubtful) settled.set(row.line, settledByImdbId(movies));
  }
  const byTitle = open((row) => row.title !== null);
  const namesakes = await findByTitle(on, byTitle);
  for (const row of byTitle) {
    const candidates = namesakes.get(row.line) ?? [];
    if (row.given_tmdb_id !== null || row.given_imdb_id !== null || row.year === null) continue;
    if (!complete || row.directors || !candidates.some(({ year }) => year === row.year)) continue;
    const chosen = chooseMovie({ year: row.year, candidates, complete });
    if (chosen !== undefined) settled.set(row.line, chosen);
  }
  return { settled, namesakes };
}

function settledByImdbId(movies: Candidate[]): Settled {
  const [first] = movies;
  if (first !== undefined && movies.length === 1)
    return { status: 'matched', tmdbId: first.tmdb_id, by: 'imdb_id' };
  return { status: 'ambiguous', reason: { code: 'imdb_id_of_several' }, candidates: movies };
}

async function findByTmdbId(on: Sql, rows: readonly PendingRow[]) {
  if (rows.length === 0) return [];
  // A bare placeholder proves nothing: its id may have come from anywhere.
  const found = await runStatement(
    on,
    sql<FoundRow>`
      select i.line, ${said}
      from unnest(${rows.map((row) => row.line)}::int[], ${rows.map((row) => row.given_tmdb_id)}::int[]) as i(line, tmdb_id)
      join movies m on m.tmdb_id = i.tmdb_id and m.state <> 'unknown'`,
  );
  return found;
}

interface FoundRow {
  line: number;
  tmdb_id: number;
  title: string;
  original_title: string | null;
  year: number | null;
  votes: number | null;
  imdb_id: string | null;
  /** Only of a movie in full, and for a row that names some. */
  directors?: string[] | null;
}

const year = sql`extract(year from m.release_date)::int as year`;
const said = sql`m.tmdb_id, coalesce(m.long_title, m.title) as title, m.original_title, ${year}, m.vote_count as votes, m.imdb_id`;

async function findByImdbId(on: Sql, rows: readonly PendingRow[]): Promise<Map<number, Candidate[]>> {
  if (rows.length === 0) return new Map();
  const found = await runStatement(
    on,
    sql<FoundRow>`
      select i.line, ${said}
      from unnest(${rows.map((row) => row.line)}::int[], ${rows.map((row) => row.given_imdb_id)}::text[]) as i(line, imdb_id)
      join movies m on m.imdb_id = i.imdb_id and m.state in ('listed', 'detailed')
      order by m.popularity desc nulls last, m.id`,
  );
  return byLine(found);
}

const folded = (column: string) => raw(foldedTitleSql(column));

/** Of the movies with a title or original title of each row, those nearest to its year, then the best known. */
async function findByTitle(on: Sql, rows: readonly PendingRow[]): Promise<Map<number, Candidate[]>> {
  if (rows.length === 0) return new Map();
  const json = JSON.stringify(rows);
  // Read where they are found: joined again by id, the planner would rather read the whole table.
  const found = sql`${said}, m.id, m.state, m.popularity`;
  const namesakes = await runStatement(
    on,
    sql<FoundRow>`
      with wanted as materialized (
        select distinct i.line, i.year as wanted_year, i.directors is not null as is_directed,
          ${folded('given.title')} as folded
        from json_to_recordset(${json}::json)
          as i(line int, title text, original_title text, year int, directors text)
        cross join lateral (values (i.title), (i.original_title)) as given(title)
        where given.title is not null
      ), same as (
        select w.line, w.wanted_year, w.is_directed, ${found} from wanted w
        join movies m on ${folded('m.title')} = w.folded and m.state in ('listed', 'detailed')
        union
        select w.line, w.wanted_year, w.is_directed, ${found} from wanted w
        join movies m on ${folded('m.original_title')} = w.folded and m.state in ('listed', 'detailed')
          and m.original_title <> m.title
      )
      select line, tmdb_id, title, original_title, year, votes, imdb_id,
        case when is_directed and state = 'detailed' then array(
          select p.name from credits c join people p on p.id = c.person_id
          where c.movie_id = found.id and c.kind = 'crew' and c.job = 'Director') end as directors
      from (
        select s.*, row_number() over (partition by line
          order by abs(year - wanted_year) nulls last, popularity desc nulls last, tmdb_id) as place
        from same s) found
      where place <= ${maxNamesakes} order by line, place`,
  );
  return byLine(namesakes);
}

function byLine(found: readonly FoundRow[]): Map<number, Candidate[]> {
  const lines = new Map<number, Candidate[]>();
  for (const { line, tmdb_id, title, original_title, year, votes, imdb_id, directors } of found) {
    const candidates = lines.get(line) ?? [];
    const known = { tmdb_id, title, year, votes, originalTitle: original_title, imdbId: imdb_id };
    candidates.push({ ...known, from: 'title', ...(directors ? { directors } : {}) });
    lines.set(line, candidates);
  }
  return lines;
}
