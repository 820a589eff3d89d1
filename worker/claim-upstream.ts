import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { ConfigError } from '#shared/config.ts';
import { runStatement } from '#shared/db/run-statement.ts';
import { runLife } from '#shared/sync/run-life.ts';
import { notify, type Sql, writeTransaction } from './store/write-transaction.ts';

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
  await sql`
    truncate trending_entries, list_snapshots, movie_absences, movie_relations, movie_genres, movie_keywords,
      movie_documents, credits, title_words, name_words`.execute(on);
  await sql`delete from movies m where not exists (
    select 1 from user_movie_interactions i where i.movie_id = m.id)
    and not exists (select 1 from user_movie_preferences p where p.movie_id = m.id)`.execute(on);
  await sql`
    update movies set state = 'unknown', scope = 1, title = '', long_title = null, original_title = null,
      overview = null, tagline = null, poster_path = null, backdrop_path = null, release_date = null, runtime = null,
      status = null, original_language = null, imdb_id = null, homepage = null, adult = null, popularity = null,
      vote_average = null, vote_count = null, budget = null, revenue = null, certification = null,
      collection_id = null, trailers = null, content_hash = null, fetched_at = null, attempted_at = null,
      gone_at = null`.execute(on);
  await sql`delete from people`.execute(on);
  await sql`delete from keywords`.execute(on);
  await sql`delete from collections`.execute(on);
  await sql`delete from genres`.execute(on);
  await runStatement(on, runLife.deleteAll());
  await notify(on, { kind: 'list', name: 'reset' });
}
