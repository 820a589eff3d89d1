import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { maxContentNeighbours } from '#shared/recommendations/content-neighbours.ts';
import {
  type NeighbourList,
  packNeighbours,
  unpackNeighbours,
} from '#shared/recommendations/neighbour-list.ts';
import type { Handler } from '#worker/runner/handler.ts';
import { notify, type Sql, writeTransaction } from '#worker/store/write-transaction.ts';
import { type Alike, selectAlike } from './select-alike.ts';

const moviesPerSlice = 100;
/** What a run has not done by then is left to the next one. */
const longestRunMs = 10 * 60_000;

/**
 * Finds what each detailed movie without a list is like, the newest first: within the hour a new movie leads to others,
 * and others lead to it. In slices of their own: killed anywhere, the next run goes on.
 * Counts: `created` lists, `updated` lists of others that a new movie came into.
 */
export const findContentNeighbours: Handler<'content'> = async (_payload, context) => {
  const { em, signal, counts, progress } = context;
  const endsAt = performance.now() + longestRunMs;
  const due = await countDue(em.getKysely());
  let before = Number.MAX_SAFE_INTEGER;
  for (let done = 0; performance.now() < endsAt; ) {
    signal.throwIfAborted();
    const ids = await readDue(em.getKysely(), before);
    const last = ids.at(-1);
    if (last === undefined) break;
    before = last;
    const updated = await writeTransaction(em, (on) => saveAlike(on, ids));
    done += ids.length;
    counts.seen += ids.length;
    counts.created += ids.length;
    counts.updated += updated;
    progress(Math.min(1, done / due));
  }
  // Once: while a mirror is filled, every slice would drop all lists that are ready.
  if (counts.created > 0) await writeTransaction(em, (on) => notify(on, { kind: 'list', name: 'content' }));
};

const isDue = sql`m.state = 'detailed' and not exists (select 1 from content_neighbours c where c.movie_id = m.id)`;

async function countDue(on: Sql): Promise<number> {
  const rows = await runStatement(
    on,
    sql<{ due: number }>`select count(*)::int as due from movies m where ${isDue}`,
  );
  return rows[0]?.due ?? 0;
}

/** Our own ids, the newest first: of the movies that are older than `before`. */
async function readDue(on: Sql, before: number): Promise<number[]> {
  const rows = await runStatement(
    on,
    sql<{ id: number }>`
      select m.id::int from movies m where m.id < ${before} and ${isDue} order by m.id desc limit ${moviesPerSlice}`,
  );
  return rows.map(({ id }) => id);
}

/** Writes the lists of these movies, and puts them into the lists of others. @returns into how many */
async function saveAlike(on: Sql, ids: readonly number[]): Promise<number> {
  const alike = await selectAlike(on, ids);
  const bySource = Map.groupBy(alike, ({ source }) => source);
  await writeLists(on, new Map(ids.map((id) => [id, packOf(bySource.get(id) ?? [])])));
  const own = new Set(ids);
  const back = alike
    .filter(({ id }) => !own.has(id))
    .map(({ source, id, score }) => ({ source: id, id: source, score }));
  const byOther = Map.groupBy(back, ({ source }) => source);
  const changed = new Map<number, Buffer>();
  for (const { id, list } of await readLists(on, [...byOther.keys()])) {
    const more = placed(list, byOther.get(id) ?? []);
    if (more !== undefined) changed.set(id, more);
  }
  await writeLists(on, changed);
  return changed.size;
}

async function readLists(on: Sql, ids: readonly number[]): Promise<{ id: number; list: NeighbourList }[]> {
  const rows = await runStatement(
    on,
    sql<{ id: number; neighbours: Buffer }>`
      select movie_id::int as id, neighbours from content_neighbours
      where movie_id = any(${ids}::bigint[]) order by movie_id for update`,
  );
  return rows.map(({ id, neighbours }) => ({ id, list: unpackNeighbours(neighbours) }));
}

/** A movie that went meanwhile has no list. */
async function writeLists(on: Sql, lists: ReadonlyMap<number, Buffer>): Promise<void> {
  await runStatement(
    on,
    sql`
      insert into content_neighbours (movie_id, neighbours)
      select m.id, l.neighbours from unnest(${[...lists.keys()]}::bigint[], ${[...lists.values()]}::bytea[]) as l(movie_id, neighbours)
      join movies m on m.id = l.movie_id and m.state = 'detailed'
      on conflict (movie_id) do update set neighbours = excluded.neighbours`,
  );
}

/** The list with what is alike at its places, where that changes it. */
function placed({ movieIds, scores }: NeighbourList, more: readonly Alike[]): Buffer | undefined {
  const [source] = more;
  if (source === undefined) return undefined;
  const known = new Map(Array.from(movieIds, (id, n) => [id, scores[n] ?? 0]));
  for (const { id, score } of more) known.set(id, Math.fround(score));
  const best = [...known]
    .sort(([a, x], [b, y]) => y - x || b - a)
    .slice(0, maxContentNeighbours)
    .map(([id, score]) => ({ source: source.source, id, score }));
  const isSame =
    best.length === movieIds.length &&
    best.every(({ id, score }, n) => id === movieIds[n] && score === scores[n]);
  return isSame ? undefined : packOf(best);
}

const packOf = (alike: readonly Alike[]): Buffer =>
  packNeighbours({
    movieIds: Int32Array.from(alike, ({ id }) => id),
    scores: Float32Array.from(alike, ({ score }) => score),
    baselines: new Float32Array(alike.length),
  });
