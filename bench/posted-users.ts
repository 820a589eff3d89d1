import { z } from 'zod';
import { databaseUrl } from '#tests/support/database.ts';
import { type BenchContext, type BenchReport, type BenchRow, mustEqual } from './bench.ts';
import { startChildProgram } from './child-program.ts';
import type { RebuildCosts } from './neighbours/rebuild-program.ts';
import { peakMemoryMib } from './process-figures.ts';
import { startApiService } from './processes/api-service.ts';
import { fillGeneratedMovies, fillRealMovies } from './recommendations/fill-real-movies.ts';
import type { TestUser } from './recommendations/histories.ts';
import { inventRaters } from './recommendations/invent-raters.ts';
import { postHistories } from './recommendations/post-histories.ts';
import { percentile } from './statistics.ts';

/** As many as in MovieLens 1M, over as many movies. */
const whole = { users: 6040, perUser: 168, movies: 3700 };
const small = { users: 300, perUser: 40, movies: 600 };
/** So many users are asked for their lists. */
const mostAsked = 600;

/** A service that is given a million interactions through HTTP: how long it takes, and whether the lists learn from them. */
export async function benchPostedUsers(context: BenchContext): Promise<BenchReport> {
  const { smoke, postgres, realData, say } = context;
  const amount = smoke ? small : whole;
  const isReal = realData !== undefined && !smoke;
  await using database = await postgres.database();
  const { pool } = database;
  say('filling movies');
  if (isReal) await fillRealMovies(database, realData);
  else await fillGeneratedMovies(database, amount.movies);
  const { rows: best } = await pool.query<{ tmdb_id: number }>(
    "select tmdb_id from movies where state = 'detailed' order by vote_count desc nulls last, tmdb_id limit $1",
    [amount.movies],
  );
  const users = inventRaters(
    amount,
    best.map(({ tmdb_id }) => tmdb_id),
  );
  const interactions = users.reduce((sum, { seen }) => sum + seen.length, 0);
  say(`posting ${interactions} interactions of ${users.length} users`);
  await using api = await startApiService(database, {
    path: '/health/live',
    processes: 1,
  });
  const startedAt = performance.now();
  const { headers, ...posted } = await postHistories({ pool, url: api.url }, users);
  const postingSeconds = (performance.now() - startedAt) / 1000;
  mustEqual('interactions added', posted.added, interactions);
  say(`posted in ${Math.round(postingSeconds)} s`);

  await using child = await startChildProgram('./neighbours/rebuild-program.ts', {
    DATABASE_URL: databaseUrl(database),
  });
  const costs = (await child.ask('rebuild')) as RebuildCosts;
  const memory = await peakMemoryMib(child.pid);
  say('reading lists');
  const asked = users.slice(0, mostAsked);
  const ours = await hitsOf(asked, (n) => readList(api.url, headers[n]));
  const popular = popularityOf(users);
  const theirs = await hitsOf(asked, (n) => {
    const seen = new Set(asked[n]?.seen.map(({ tmdbId }) => tmdbId));
    return popular.filter((id) => !seen.has(id)).slice(0, 50);
  });
  const data = `${interactions} interactions of ${users.length} invented users over ${isReal ? 'real' : 'invented'} movies`;
  const row = (what: string, measured: number, unit: string, note = ''): BenchRow => ({
    what,
    measured,
    unit,
    note,
  });
  return {
    rows: [
      row('posting all histories', postingSeconds, 's', `${posted.requests} requests, eight at once`),
      row('posting: one request, p95', percentile(Float64Array.from(posted.ms), 0.95), 'ms'),
      row('neighbours', costs.seconds, 's', `${costs.cpuSeconds.toFixed(0)} s of processor`),
      row('neighbours: most memory', memory, 'MiB'),
      against('HR@10', ours.at10, theirs.at10),
      against('HR@50', ours.at50, theirs.at50),
    ],
    data,
  };
}

const timesPopularity = 2.5;

function against(what: string, ours: number, popularity: number): BenchRow {
  return {
    what: `lists of ${mostAsked}: ${what}`,
    measured: ours,
    unit: '',
    limit: popularity,
    limitIs: 'popular among these users',
    target: `≥ ${timesPopularity} ×`,
    met: ours >= timesPopularity * popularity,
  };
}

async function hitsOf(users: readonly TestUser[], listOf: (n: number) => Promise<number[]> | number[]) {
  let [at10, at50] = [0, 0];
  for (const [n, { heldOut }] of users.entries()) {
    const place = (await listOf(n)).indexOf(heldOut);
    if (place >= 0 && place < 10) at10++;
    if (place >= 0) at50++;
  }
  return { at10: at10 / users.length, at50: at50 / users.length };
}

const List = z.object({ data: z.array(z.object({ movie: z.object({ tmdb_id: z.number() }) })) });

async function readList(url: string, headers: { authorization: string } | undefined): Promise<number[]> {
  const answer = await fetch(`${url}/api/user/recommendations?limit=50`, headers && { headers });
  if (!answer.ok) throw new Error(`a list was refused: ${answer.status}`);
  return List.parse(await answer.json()).data.map(({ movie }) => movie.tmdb_id);
}

function popularityOf(users: readonly TestUser[]): number[] {
  const likes = new Map<number, number>();
  for (const { seen } of users)
    for (const { tmdbId, liked } of seen) if (liked) likes.set(tmdbId, (likes.get(tmdbId) ?? 0) + 1);
  return [...likes].sort(([a, x], [b, y]) => y - x || a - b).map(([id]) => id);
}
