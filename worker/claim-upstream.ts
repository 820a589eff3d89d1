import type { EntityManager } from '@mikro-orm/postgresql';
import { ConfigError } from '#shared/config.ts';
import { runStatement } from '#shared/db/run-statement.ts';
import { join, raw, sql } from '#shared/db/sql.ts';
import { contentTables } from '#shared/movies/mirrored-columns.ts';
import { runLife } from '#shared/sync/run-life.ts';
import { emptyContentAndUpstream } from './movies/column-lists.ts';
import { notify, type Sql, writeTransaction } from './store/write-transaction.ts';

export interface ClaimedUpstream {
  before: string | null;
  after: string;
  isReset: boolean;
}

/**
 * The database remembers which upstream filled it: ids of one are not ids of another.
 * @throws {ConfigError} when another one did, unless `reset` empties the mirror first (users' rows stay)
 */
export async function claimUpstream(
  em: EntityManager,
  identity: string,
  reset: boolean,
): Promise<ClaimedUpstream> {
  return writeTransaction(em, async (on) => {
    const rows = await runStatement(
      on,
      sql<{ identity: string | null }>`
      select identity from upstream where id = 1 for update`,
    );
    const before = rows[0]?.identity ?? null;
    const isOther = before !== null && before !== identity;
    if (isOther) {
      if (!reset)
        throw new ConfigError(
          `This database was filled from ${before}, and the settings now name ${identity}.\n` +
            'Go back to the old settings, use another database or NEXUS_DATA_DIR, or start once with --reset-mirror:\n' +
            'that empties the mirror and fills it again. Accounts and what users saved stay.',
        );
      await resetMirror(on);
    }
    await runStatement(
      on,
      sql`
      update upstream set identity = ${identity},
        circuit = 'closed', reason = null, opened_at = null, retry_at = null, paused_until = null
      where id = 1`,
    );
    await notify(on, { kind: 'upstream' });
    return { before, after: identity, isReset: isOther };
  });
}

async function resetMirror(on: Sql): Promise<void> {
  const tables = [
    ...contentTables,
    'trending_entries',
    'list_entries',
    'reference_documents',
    'person_credits',
    'common_terms',
    'noted_ids',
    'companies',
    'upstream_searches',
    'record_parts',
    'records',
    'list_snapshots',
    'movie_absences',
    'change_feeds',
    'movie_merges',
    'movie_uses',
    'title_words',
    'other_title_words',
    'name_words',
    'named_pictures',
    'counted_figures',
  ];
  await runStatement(on, sql`truncate ${join(tables.map((table) => raw(table)))}`);
  await runStatement(
    on,
    sql`delete from movies m where not exists (
    select 1 from user_movie_interactions i where i.movie_id = m.id)
    and not exists (select 1 from user_movie_preferences p where p.movie_id = m.id)
    and not exists (select 1 from user_movie_ratings r where r.movie_id = m.id)`,
  );
  await runStatement(on, sql`update movies set state = 'unknown', scope = 1, ${emptyContentAndUpstream}`);
  await runStatement(on, sql`delete from people`);
  await runStatement(on, sql`delete from keywords`);
  await runStatement(on, sql`delete from collections`);
  await runStatement(on, sql`delete from genres`);
  await runStatement(on, runLife.deleteAll());
  await notify(on, { kind: 'list', name: 'reset' });
}
