import type { TestAccount } from '#tests/support/api/account-fixture.ts';
import type { Fault, FaultResult } from './fault.ts';
import { headersOf, type Installation } from './installation.ts';
import type { Traffic } from './traffic.ts';

/** Anything dead is healed within this. */
const recoverWithinMs = 60_000;
const changedMovies = 12;
const tryEveryMs = 250;

export interface Bystanders {
  traffic: Traffic;
  admin: TestAccount;
  /** Ids that nobody has asked for yet. */
  unseen: () => number;
}

/** One fault under traffic: what it did, and how long until everything worked again, by itself. */
export async function injectFault(on: Installation, fault: Fault, by: Bystanders): Promise<FaultResult> {
  const { traffic } = by;
  const faults: string[] = [];
  await fault.prepare?.(on);
  const changed = await readMoviesToChange(on);
  traffic.begin();
  await Bun.sleep(500);
  await fault.inject(on);
  changeMovies(on, changed);
  await Bun.sleep(fault.lastsMs);
  await fault.heal(on);
  const healedMs = performance.now();
  await comesTrue(() => makeOld(on, changed), recoverWithinMs);
  for (const [what, isSo] of checksOf(on, by, changed)) {
    const left = recoverWithinMs - (performance.now() - healedMs);
    if (!(await comesTrue(isSo, Math.max(left, 1000)))) faults.push(`${what}: not within 60 s`);
  }
  const recoveryMs = Math.round(performance.now() - healedMs);
  const missing = await traffic.missing();
  if (missing.length > 0) faults.push(`${missing.length} acknowledged writes are lost or doubled`);
  const { wrong, ...seen } = traffic.seen();
  return {
    fault: fault.name,
    topology: on.topology,
    ...seen,
    lost: missing.length,
    recoveryMs,
    faults: [...faults, ...wrong],
  };
}

type Check = [what: string, isSo: () => Promise<boolean> | boolean];

/** In the order in which they are waited for. */
function checksOf(
  on: Installation,
  { traffic, admin, unseen }: Bystanders,
  changed: readonly number[],
): Check[] {
  const wanted = unseen();
  const refreshed = createRefresh(on, admin);
  return [
    ['reads and writes', () => traffic.flows()],
    ['readiness', async () => (await statusOf(on, '/health/ready')) === 200],
    ['a movie nobody had asked for', async () => (await statusOf(on, `/api/movies/${wanted}`)) === 200],
    ['a run that an administrator asks for', refreshed],
    [
      'the movies that changed meanwhile',
      async () =>
        (await Promise.all(changed.map((id) => titleOf(on, id)))).every(
          (title, at) => title === newTitle(on, changed[at] ?? 0),
        ),
    ],
  ];
}

/** Movies that are read, so that they are in the caches. */
async function readMoviesToChange(on: Installation): Promise<number[]> {
  const found = await on.rows<{ tmdb_id: number }>(
    "select tmdb_id from movies where state = 'detailed' and scope = 1 order by random() limit $1",
    changedMovies,
  );
  const ids = found.map(({ tmdb_id }) => tmdb_id);
  await Promise.all(ids.map((id) => titleOf(on, id)));
  return ids;
}

/** Old enough to be asked for again; the caches are not told. */
const makeOld = (on: Installation, ids: readonly number[]): Promise<boolean> =>
  on
    .rows(
      "update movies set fetched_at = now() - interval '40 days', attempted_at = null where tmdb_id = any($1::int[])",
      ids,
    )
    .then(
      () => true,
      () => false,
    );

const epoch = Date.now();
let changes = 0;
const titles = new WeakMap<Installation, Map<number, string>>();
const newTitle = (on: Installation, id: number) => titles.get(on)?.get(id);

function changeMovies(on: Installation, ids: readonly number[]): void {
  const own = titles.get(on) ?? new Map<number, string>();
  titles.set(on, own);
  for (const id of ids) {
    const title = `Changed ${epoch} ${++changes}`;
    own.set(id, title);
    on.sandbox.override(id, { title });
  }
}

async function titleOf(on: Installation, id: number): Promise<string | undefined> {
  const answer = await ask(on, `/api/movies/${id}`);
  const body = (await answer?.json().catch(() => undefined)) as { data?: { title?: string } } | undefined;
  return body?.data?.title;
}

/** True once a run of `details` that began after the fault has succeeded. */
function createRefresh(on: Installation, admin: TestAccount): () => Promise<boolean> {
  let runId: string | undefined;
  return async () => {
    if (runId === undefined) {
      const answer = await ask(on, '/api/admin/sync/details', {
        method: 'POST',
        headers: await headersOf(admin),
      });
      const body = (await answer?.json().catch(() => undefined)) as
        | { data?: { run_id?: string } }
        | undefined;
      runId = answer?.ok ? body?.data?.run_id : undefined;
      return false;
    }
    const [run] = await on
      .rows<{ status: string }>('select status from sync_runs where id = $1', runId)
      .catch(() => []);
    if (run?.status === 'failed' || run === undefined) runId = undefined;
    return run?.status === 'succeeded';
  };
}

const ask = (on: Installation, path: string, init: RequestInit = {}): Promise<Response | undefined> =>
  fetch(on.url + path, { ...init, signal: AbortSignal.timeout(10_000) }).catch(() => undefined);

const statusOf = async (on: Installation, path: string) => (await ask(on, path))?.status;

async function comesTrue(isSo: Check[1], withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs;
  while (performance.now() < until) {
    if (await isSo()) return true;
    await Bun.sleep(tryEveryMs);
  }
  return false;
}
