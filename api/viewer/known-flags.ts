import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import { type Fragment, type Placeholder, prepared, sql, unknownList } from '#shared/db/sql.ts';
import type { Viewer } from '../http/callers/viewer.ts';
import { byKey, gatherReads } from '../store/gather-reads.ts';
import type { NoticeHub } from '../store/notice-hub.ts';
import { selectByTurn } from '../store/select-by-turn.ts';
import { type Flags, flagsColumn } from './flags.ts';

type Caller = Pick<Viewer, 'userId' | 'tasteVersion'>;

export interface KnownFlags {
  /** One for each of the movies; `undefined` if any is not known. */
  ready(caller: Caller, tmdbIds: readonly number[]): Flags[] | undefined;
  read(caller: Caller, tmdbIds: readonly number[]): Promise<Flags[]>;
}

/** What is known of a user, as of one version of their taste. */
interface UserFlags {
  version: number;
  /** By TMDb id, also where nothing was said. */
  flags: Map<number, Flags>;
}

const maxBytes = 16 * 1024 * 1024;
/** Of one user. Whoever looks at more begins anew. */
const mostMovies = 5000;
const bytesOf = ({ flags }: UserFlags) => 300 + 50 * flags.size;

interface AskedFlags {
  userId: string;
  tmdbIds: readonly number[];
}

interface FlagsRow {
  version: number;
  said: [tmdbId: number, flags: Flags][] | null;
}

/** One snapshot for both: the flags are those of this version. */
const columns = (userId: Placeholder<string> | Fragment, tmdbIds: Fragment): Fragment => sql`
  u.taste_version::float8 as version, (
    select json_agg(json_build_array(said.tmdb_id, said.flags)) from (
      select m.tmdb_id, ${flagsColumn('m', userId)} as flags from movies m where m.tmdb_id = any(${tmdbIds})
    ) said where said.flags <> 0
  ) as said`;

const flagsStatement = prepared<AskedFlags, FlagsRow>(
  'api-viewer-flags',
  ({ userId, tmdbIds }) => sql`
    select ${columns(userId, sql`${tmdbIds}::int[]`)} from users u where u.id = ${userId}`,
);

/** Of several users. `turn` is which of them a row is, from 1. */
const severalStatement = prepared<{ userIds: string[]; tmdbIds: string[] }, FlagsRow & { turn: number }>(
  'api-viewers-flags',
  ({ userIds, tmdbIds }) => sql`
    select asked.turn::int, ${columns(sql`u.id`, sql`string_to_array(asked.tmdb_ids, ',')::int[]`)}
    from unnest(${unknownList(userIds, 'uuid')}, ${unknownList(tmdbIds, 'text')})
      with ordinality as asked(user_id, tmdb_ids, turn)
    join users u on u.id = asked.user_id`,
);

async function selectFlags(pool: Pool, asked: readonly AskedFlags[]): Promise<(FlagsRow | undefined)[]> {
  const rows = await selectByTurn(pool, asked, {
    one: flagsStatement,
    several: (all) =>
      severalStatement({
        userIds: all.map(({ userId }) => userId),
        tmdbIds: all.map(({ tmdbIds }) => tmdbIds.join()),
      }),
  });
  return rows.map(([row]) => row);
}

/**
 * What users have said of movies, kept under the version of their taste, which triggers move on with every change. The
 * caller's session says which version counts. Only movies that were asked for are kept, so that a user who has said much
 * costs no more than others.
 */
export function createKnownFlags({
  pool,
  hub,
}: {
  pool: Pool;
  hub: Pick<NoticeHub, 'subscribe'>;
}): KnownFlags {
  const users = new LRUCache<string, UserFlags>({ maxSize: maxBytes, sizeCalculation: bytesOf });
  const read = gatherReads({
    ...byKey,
    readAll: (asked: readonly AskedFlags[]) => selectFlags(pool, asked),
  });
  let gaps = 0;
  hub.subscribe({
    onNotice: () => {},
    onGap() {
      // Another server may have taken over, and count other changes by the same numbers.
      gaps += 1;
      users.clear();
    },
  });

  const keep = (userId: string, version: number, tmdbIds: readonly number[], said: Map<number, Flags>) => {
    const known = users.get(userId);
    if (known !== undefined && known.version > version) return;
    const goesOn = known?.version === version && known.flags.size + tmdbIds.length <= mostMovies;
    const flags = goesOn ? known.flags : new Map<number, Flags>();
    for (const tmdbId of tmdbIds) flags.set(tmdbId, said.get(tmdbId) ?? 0);
    users.set(userId, { version, flags });
  };

  return {
    ready({ userId, tasteVersion }, tmdbIds) {
      if (tmdbIds.length === 0) return [];
      const known = users.get(userId);
      if (known === undefined || known.version < Number(tasteVersion)) return undefined;
      const found: Flags[] = [];
      for (const tmdbId of tmdbIds) {
        const flags = known.flags.get(tmdbId);
        if (flags === undefined) return undefined;
        found.push(flags);
      }
      return found;
    },
    async read({ userId }, tmdbIds) {
      const before = gaps;
      const row = await read({ userId, tmdbIds });
      const said = new Map(row?.said);
      if (row !== undefined && gaps === before) keep(userId, row.version, tmdbIds, said);
      return tmdbIds.map((tmdbId) => said.get(tmdbId) ?? 0);
    },
  };
}
