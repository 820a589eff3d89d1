import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { isoTime } from '../../http/answers/iso-time.ts';
import { sessionOver } from '../../http/callers/session-over.ts';
import type { JsonPieces } from '../../http/contract/answer.ts';
import { consume } from '../../http/throttles/consume.ts';
import type { Limit } from '../../http/throttles/limit.ts';
import type { LimitOptions } from '../../http/throttles/open-limits.ts';
import { userKey } from '../../http/throttles/throttle-key.ts';
import type { SecurityLog } from '../../security-log/security-log.ts';
import { queryStore } from '../../store/query-store.ts';
import type { UserExport } from './model.ts';

export interface ExportService {
  /**
   * Everything that is kept of a user, as JSON text in pieces: interactions and imports may be long.
   * @throws {NexusError} `unauthenticated`, `too_many_requests`, before the first piece
   */
  read(userId: string): Promise<JsonPieces<UserExport>>;
}

/** Who has much costs much, each time. */
export const exportLimit: LimitOptions = { name: 'exports', points: 30, durationSeconds: 3600 };

const maxEvents = 1000;

/** Of secrets only that there are some: neither hashes nor tokens. */
const exportStatement = prepared<{ userId: string }, { data: string }>(
  'api-user-export',
  ({ userId }) => sql`
    select json_build_object(
      'account', (select row_to_json(a) from (
        select u.id, u.name, u.email, u.date_of_birth, u.country, u.role, ${isoTime('u.created_at')} as created_at,
          ${isoTime('u.updated_at')} as updated_at
      ) a),
      'sessions', array_to_json(array(select row_to_json(s) from (
        select id, kind, device, network, totp, ${isoTime('created_at')} as created_at, ${isoTime('refreshed_at')} as refreshed_at,
          ${isoTime('expires_at')} as expires_at
        from sessions where user_id = u.id order by sessions.created_at, id
      ) s)),
      'login_networks', array_to_json(array(select row_to_json(n) from (
        select network, ${isoTime('last_at')} as last_at
        from login_networks where user_id = u.id order by login_networks.last_at, network
      ) n)),
      'totp', (select row_to_json(t) from (
        select ${isoTime('created_at')} as created_at, ${isoTime('confirmed_at')} as confirmed_at,
          (select count(*)::int from totp_recovery_codes c where c.user_id = u.id) as recovery_codes_left
        from user_totp where user_id = u.id
      ) t),
      'password_resets', array_to_json(array(select row_to_json(r) from (
        select ${isoTime('created_at')} as created_at, ${isoTime('expires_at')} as expires_at
        from password_resets where user_id = u.id order by password_resets.created_at
      ) r)),
      'security_events', array_to_json(array(select row_to_json(e) from (
        select ${isoTime('security_events.at')} as at, event, outcome, coalesce(user_id = u.id::text, false) as by_you,
          case when user_id = u.id::text then address_key end as address_key, detail
        from security_events where user_id = u.id::text or subject_id = u.id::text
        order by security_events.at desc, security_events.id desc limit ${maxEvents}
      ) e)),
      'import_budgets', array_to_json(array(select row_to_json(b) from (
        select day, asked from user_import_budgets where user_id = u.id order by day
      ) b)),
      'preferences', json_build_object(
        'genres', array_to_json(array(select row_to_json(g) from (
          select p.genre_id as id, genres.name, ${isoTime('p.created_at')} as created_at
          from user_genre_preferences p left join genres on genres.id = p.genre_id
          where p.user_id = u.id order by p.position
        ) g)),
        'actors', array_to_json(array(select row_to_json(a) from (
          select p.person_id as id, people.name, ${isoTime('p.created_at')} as created_at
          from user_actor_preferences p left join people on people.id = p.person_id
          where p.user_id = u.id order by p.position
        ) a)),
        'movies', array_to_json(array(select row_to_json(m) from (
          select movies.tmdb_id, nullif(coalesce(movies.long_title, movies.title), '') as title,
            ${isoTime('p.created_at')} as created_at
          from user_movie_preferences p join movies on movies.id = p.movie_id
          where p.user_id = u.id order by p.position
        ) m))
      ),
      'ratings', array_to_json(array(select row_to_json(r) from (
        select movies.tmdb_id, nullif(coalesce(movies.long_title, movies.title), '') as title, r.rating,
          ${isoTime('r.rated_at')} as at
        from user_movie_ratings r join movies on movies.id = r.movie_id
        where r.user_id = u.id order by r.rated_at, movies.tmdb_id
      ) r))
    )::text as data
    from users u where u.id = ${userId}`,
);

const importsStatement = prepared<{ userId: string }, { id: string; summary: string }>(
  'api-user-export-imports',
  ({ userId }) => sql`
    select id, json_build_object('id', id, 'source', source, 'list', list, 'status', status,
      'created_at', ${isoTime('created_at')}, 'finished_at', ${isoTime('finished_at')}, 'error', error)::text as summary
    from user_imports where user_id = ${userId} order by user_imports.created_at, id`,
);

const rowsAtOnce = 2000;

/** Where a page of interactions ended. The time is PostgreSQL's own text: ours is less exact. */
interface InteractionPlace {
  at: string;
  movie_id: string;
}

interface AskedInteractions {
  userId: string;
  /** The place after which to go on; null from the beginning. */
  at: string | null;
  movieId: string | null;
}

/** By the index, from its end: however many happened at one moment, each page reads its own. */
export const interactionsStatement = prepared<AskedInteractions, InteractionPlace & { row: string }>(
  'api-user-export-interactions',
  ({ userId, at, movieId }) => sql`
    select i.created_at::text as at, i.movie_id,
      json_build_object('tmdb_id', m.tmdb_id, 'title', nullif(coalesce(m.long_title, m.title), ''),
        'type', i.interaction_type, 'at', ${isoTime('i.created_at')})::text as row
    from (
      select created_at, movie_id, interaction_type from user_movie_interactions
      where user_id = ${userId}
        and (created_at, movie_id) > (coalesce(${at}::timestamptz, '-infinity'), coalesce(${movieId}::bigint, 0))
      order by created_at, movie_id fetch first ${rowsAtOnce} rows with ties
    ) i join movies m on m.id = i.movie_id
    order by i.created_at, i.movie_id, i.interaction_type`,
);

const rowsStatement = prepared<{ importId: string; after: number }, { line: number; row: string }>(
  'api-user-export-rows',
  ({ importId, after }) => sql`
    select line, row_to_json(r)::text as row from (
      select line, title, original_title, year, directors, given_tmdb_id, given_imdb_id, rating, ${isoTime('i.at')} as at,
        ${isoTime('i.rated_at')} as rated_at, status, tmdb_id, matched_by
      from user_import_rows i where import_id = ${importId} and line > ${after} order by line limit ${rowsAtOnce}
    ) r order by line`,
);

interface ExportDeps {
  pool: Pool;
  exports: Limit | undefined;
  security: Pick<SecurityLog, 'flush'>;
}

export function createExportService({ pool, exports, security }: ExportDeps): ExportService {
  async function* rowsOf(importId: string) {
    let after = 0;
    for (let found = rowsAtOnce; found === rowsAtOnce; ) {
      const rows = await queryStore(pool, rowsStatement({ importId, after }));
      if (rows.length > 0) yield `${after === 0 ? '' : ','}${rows.map(({ row }) => row).join(',')}`;
      after = rows.at(-1)?.line ?? after;
      found = rows.length;
    }
  }

  async function* interactionsOf(userId: string) {
    let after: InteractionPlace | undefined;
    for (let found = rowsAtOnce; found >= rowsAtOnce; ) {
      const asked = { userId, at: after?.at ?? null, movieId: after?.movie_id ?? null };
      const rows: (InteractionPlace & { row: string })[] = await queryStore(
        pool,
        interactionsStatement(asked),
      );
      if (rows.length > 0) yield `${after === undefined ? '' : ','}${rows.map(({ row }) => row).join(',')}`;
      after = rows.at(-1) ?? after;
      found = rows.length;
    }
  }

  async function* pieces(userId: string, first: string) {
    yield `${first.slice(0, -1)},"interactions":[`;
    yield* interactionsOf(userId);
    yield '],"imports":[';
    const imports = await queryStore(pool, importsStatement({ userId }));
    for (const [index, { id, summary }] of imports.entries()) {
      yield `${index === 0 ? '' : ','}${summary.slice(0, -1)},"rows":[`;
      yield* rowsOf(id);
      yield ']}';
    }
    yield ']}';
  }

  return {
    async read(userId) {
      await consume(exports, userKey(userId), { message: 'Too many exports. Please wait a while.' });
      await security.flush();
      const [row] = await queryStore(pool, exportStatement({ userId }));
      if (row === undefined) throw sessionOver();
      return pieces(userId, row.data) as AsyncIterable<string> as JsonPieces<UserExport>;
    },
  };
}
