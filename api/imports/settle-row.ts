import type { Pool } from 'pg';
import { z } from 'zod';
import { prepared, sql } from '#shared/db/sql.ts';
import { NexusError } from '#shared/errors.ts';
import { addImported, type ImportOfUser } from '#shared/users/add-imported.ts';
import type { ImportRowStatus } from '#shared/users/user-import-row.ts';
import type { Query } from '../store/in-transaction.ts';
import type { NamedMovies } from '../users/writing/named-movies.ts';
import type { SavingNamer } from '../users/writing/namer-throttles.ts';
import {
  countInteractions,
  refuseTooManyInteractions,
} from '../users/writing/refuse-too-many-interactions.ts';
import type { UserTransaction } from '../users/writing/user-transaction.ts';
import { oneRowStatement } from './import-statements.ts';
import type { RowSettlement } from './model.ts';
import { type ImportRow, presentRow } from './present-import.ts';

export interface SettlingDeps {
  pool: Pool;
  transaction: UserTransaction;
  movies: NamedMovies;
}

interface PlacedRow {
  status: ImportRowStatus;
  tmdb_id: number | null;
  same_as: number;
}

export const noSuchImport = () => new NexusError('not_found', 'You have no import with this id.');

const importStatement = prepared<{ importId: string; userId: string }, ImportOfUser>(
  'api-import-to-settle',
  ({ importId, userId }) => sql`
    select id, user_id, list, created_at from user_imports
    where id = ${importId} and user_id = ${userId} for update`,
);

const placeStatement = prepared<{ importId: string; line: number }, PlacedRow>(
  'api-import-row-to-settle',
  ({ importId, line }) => sql`
    select status, tmdb_id, same_as from user_import_rows where import_id = ${importId} and line = ${line}`,
);

interface Settled {
  importId: string;
  sameAs: number;
  /** `null`: skipped. */
  tmdbId: number | null;
}

/** Of all rows that say the same, those that are not matched yet. The import's counts move with them. */
const settleStatement = prepared<Settled, { line: number }>(
  'api-import-settle',
  ({ importId, sameAs, tmdbId }) => sql`
    with open as materialized (
      select line, status from user_import_rows
      where import_id = ${importId} and same_as = ${sameAs} and status <> 'matched' for update
    ), counted as (
      update user_imports set
        matched = matched + case when ${tmdbId}::int is null then 0 else (select count(*) from open) end,
        skipped = skipped + case when ${tmdbId}::int is null then (select count(*) from open) else 0 end
          - (select count(*) from open where status = 'skipped'),
        ambiguous = ambiguous - (select count(*) from open where status = 'ambiguous'),
        not_found = not_found - (select count(*) from open where status = 'not_found')
      where id = ${importId}
    )
    update user_import_rows r set tmdb_id = ${tmdbId}::int,
      status = case when ${tmdbId}::int is null then 'skipped' else 'matched' end,
      matched_by = case when ${tmdbId}::int is null then null else 'user' end,
      reason = case when ${tmdbId}::int is null then r.reason end,
      candidates = case when ${tmdbId}::int is null then r.candidates end
    from open where r.import_id = ${importId} and r.line = open.line
    returning r.line`,
);

const countStatement = prepared<{ importId: string; asked: number; added: number }>(
  'api-import-count-settled',
  ({ importId, asked, added }) => sql`
    update user_imports set added = added + ${added}::int, unchanged = unchanged + ${asked}::int - ${added}::int
    where id = ${importId}`,
);

/** A row's movie as its user says, and what the row then means, in one transaction. */
export function createSettling({ transaction, movies }: SettlingDeps) {
  const settle = async (query: Query, of: ImportOfUser, line: number, tmdbId: number | null) => {
    const [row] = await query(placeStatement({ importId: of.id, line }));
    if (row === undefined) throw new NexusError('not_found', 'This import has no row in this line.');
    if (row.status === 'matched' && row.tmdb_id !== tmdbId) throw alreadyMatched();
    // Rows that say the same stand alike. A whole file may, and none of it is to be looked at or written again.
    if (row.status === 'matched' || (row.status === 'skipped' && tmdbId === null)) return;
    if (tmdbId !== null) await movies.place(query, [tmdbId]);
    const settled = await query(settleStatement({ importId: of.id, sameAs: row.same_as, tmdbId }));
    if (tmdbId === null || settled.length === 0) return;
    const lines = settled.map((each) => each.line);
    const { asked, added } = await addImported(query, of, lines);
    if (added > 0) refuseTooManyInteractions(await countInteractions(query, of.user_id), 'tmdb_id');
    await query(countStatement({ importId: of.id, asked, added }));
  };

  /** @throws {NexusError} `not_found`, `invalid_input`, `too_many_requests`, `unauthenticated` */
  return async (
    namer: SavingNamer,
    importId: string,
    line: number,
    { tmdb_id }: RowSettlement,
  ): Promise<ImportRow> => {
    if (!z.uuid().safeParse(importId).success) throw noSuchImport();
    const tmdbIds = tmdb_id === undefined ? [] : [tmdb_id];
    const { userId } = namer;
    await movies.admit(namer, tmdbIds);
    const settled = await transaction(namer, async (query) => {
      const [of] = await query(importStatement({ importId, userId }));
      if (of === undefined) throw noSuchImport();
      await settle(query, of, line, tmdb_id ?? null);
      const [row] = await query(oneRowStatement({ id: importId, line }));
      return row;
    });
    if (settled === undefined) throw noSuchImport();
    movies.want(tmdbIds);
    return presentRow(settled);
  };
}

const alreadyMatched = () =>
  new NexusError('invalid_input', 'This row is matched with a movie already.', {
    details: [{ path: 'line', message: 'is matched already; take its interactions back where it is wrong' }],
  });
