import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { storeReason } from '#shared/users/import-reason.ts';
import { type JobContext, PutOff } from '#worker/runner/handler.ts';

/** How often TMDb is asked on a day (UTC) for all imports of one user. */
export const askedADay = 10_000;
/** How long an import may ask before it goes behind the others that wait. */
const turnMs = 5000;
const againMs = 500;
/** How often an import whose day's share is used up looks whether the next day has come. */
const restMs = 60_000;

const rest = storeReason({ code: 'budget_spent' });

/** An import's time at TMDb: some rows, and then the next one's turn. */
export interface ImportTurn {
  /** Before each batch. @throws {PutOff} when others wait, or when today's share is used up */
  begin(): Promise<void>;
  /** After each batch. */
  count(asked: number): Promise<void>;
}

const today = sql`(now() at time zone 'UTC')::date`;

export function takeTurn(
  importId: string,
  { em }: Pick<JobContext, 'em'>,
  limits = { askedADay, turnMs },
): ImportTurn {
  const on = em.getKysely();
  const startedMs = performance.now();
  return {
    async begin() {
      const lastedMs = performance.now() - startedMs;
      const isLong = lastedMs >= limits.turnMs;
      const [found] = await runStatement(
        on,
        sql<{ asked: number; others_wait: boolean }>`
          update user_imports i set asked_at = now(), error = null where id = ${importId}
          returning coalesce((select asked from user_import_budgets b
              where b.user_id = i.user_id and b.day = ${today}), 0) as asked,
            ${isLong}::boolean and exists (
              select 1 from user_imports o
              where o.status in ('queued', 'running') and o.id <> i.id and o.error is null
                and (o.asked_at is null or o.asked_at < now() - ${lastedMs} * interval '1 millisecond')
            ) as others_wait`,
      );
      if (found === undefined) return;
      if (found.others_wait) throw new PutOff('other imports have their turn', againMs, { givesWay: true });
      if (found.asked < limits.askedADay) return;
      await runStatement(on, sql`update user_imports set error = ${rest} where id = ${importId}`);
      throw new PutOff('the user’s share of today is used up', restMs);
    },
    async count(asked) {
      if (asked === 0) return;
      await runStatement(
        on,
        sql`
          insert into user_import_budgets as b (user_id, day, asked)
          select user_id, ${today}, ${asked}::int from user_imports where id = ${importId}
          on conflict (user_id, day) do update set asked = b.asked + excluded.asked`,
      );
    },
  };
}
