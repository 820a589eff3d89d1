import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { ConfigError } from '#shared/config.ts';
import { contentTables } from '#shared/movies/mirrored-columns.ts';
import { emptyContentAndUpstream } from '../movies/column-lists.ts';
import { notify, type Sql, writeTransaction } from './write-transaction.ts';

/**
 * The database remembers which upstream filled it: ids of one are not ids of another.
 * @throws {ConfigError} when another one did, unless `reset` empties the mirror first (users' rows stay)
 */
export async function claimUpstream(em: EntityManager, identity: string, reset: boolean): Promise<void> {
  await writeTransaction(em, async (on) => {
    const { rows } = await sql<{ identity: string | null }>`
      select identity from upstream where id = 1 for update`.execute(on);
    const before = rows[0]?.identity ?? null;
    if (before !== null && before !== identity) {
      if (!reset)
        throw new ConfigError(
          `This database was filled from ${before}, and the settings now name ${identity}.\n` +
            'Go back to the former settings, use another database or NEXUS_DATA_DIR, or start once with --reset-mirror:\n' +
            'that empties the mirror and fills it anew; accounts and what users saved stay.',
        );
      await resetMirror(on);
    }
    await sql`
      update upstream set identity = ${identity},
        circuit = 'closed', reason = null, opened_at = null, retry_at = null, paused_until = null
      where id = 1`.execute(on);
    await notify(on, { kind: 'upstream' });
  });
}

async function resetMirror(on: Sql): Promise<void> {
  const tables = [
    ...contentTables,
    'trending_entries',
    'list_snapshots',
    'movie_absences',
    'title_words',
    'name_words',
  ];
  await sql`truncate ${sql.join(tables.map((table) => sql.table(table)))}`.execute(on);
  await sql`delete from movies m where not exists (
    select 1 from user_movie_interactions i where i.movie_id = m.id)
    and not exists (select 1 from user_movie_preferences p where p.movie_id = m.id)`.execute(on);
  await sql`update movies set state = 'unknown', scope = 1, ${emptyContentAndUpstream}`.execute(on);
  await sql`delete from people`.execute(on);
  await sql`delete from keywords`.execute(on);
  await sql`delete from collections`.execute(on);
  await sql`delete from genres`.execute(on);
  // A run that was under way counted another upstream's movies.
  await sql`delete from sync_runs`.execute(on);
  await notify(on, { kind: 'list', name: 'reset' });
}
