import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { selectOne } from '../../store/select-one.ts';

interface Row {
  movies: number;
  detailed: number;
  scope: number | null;
  exported: number | null;
}

/** `movies`: those that lists may show; `of`: all that TMDb has, where its list of ids was read. */
const coverageStatement = prepared<void, Row>(
  'api-facade-coverage',
  () => sql`
    select (select count(*)::int from movies where state in ('listed', 'detailed')) as movies,
      (select count(*)::int from movies where state = 'detailed') as detailed,
      (select max(scope) from movies where state = 'detailed') as scope,
      (select size from list_snapshots where name = 'export') as exported`,
);

const scopes = ['none', 'trending', 'popular', 'full'];
const believedMs = 60_000;

/** What searches choose from: `movies=48211; detailed=10120; scope=popular; of=1100000`. A minute old at most. */
export type ReadCoverage = () => Promise<string>;

export function createReadCoverage(pool: Pool, now: () => number): ReadCoverage {
  let known: { atMs: number; text: Promise<string> } | undefined;
  const read = async () => {
    const { movies, detailed, scope, exported } = await selectOne(pool, coverageStatement());
    const of = exported === null ? '' : `; of=${exported}`;
    return `movies=${movies}; detailed=${detailed}; scope=${scopes[scope ?? 0]}${of}`;
  };
  return () => {
    const nowMs = now();
    if (known !== undefined && Math.abs(nowMs - known.atMs) < believedMs) return known.text;
    const text = read();
    const mine = { atMs: nowMs, text };
    known = mine;
    text.catch(() => {
      if (known === mine) known = undefined;
    });
    return text;
  };
}
