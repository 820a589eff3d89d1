import { z } from 'zod';
import type { Database } from '#shared/orm/database.ts';
import { databaseUrl } from '#tests/support/database.ts';
import type { BenchContext, BenchReport, BenchRow } from './bench.ts';
import { type ChildProgram, startChildProgram } from './child-program.ts';
import { type CostCase, type CostRoute, costRoutes, Description } from './costs/cases.ts';
import { missedReads, writesOfUsers } from './costs/changing.ts';
import { createCpuMeter } from './costs/cpu-meter.ts';
import { fillAnswers, knownId, openReaders, unaskedId } from './costs/fill-answers.ts';
import { tableOf } from './report.ts';
import { busyPerson } from './search/fill-catalogue.ts';
import { openCatalogue } from './search/open-catalogue.ts';
import { median } from './statistics.ts';

/** No public request may cost more than this many times its route's plain case, whatever is asked. */
const maxRatio = 10;
/** So often is asked before it counts: new code is slow. */
const warmings = 5;
/** What costs less is not worth an attack: a plain case of a route counts as at least this. */
const leastMs = 0.5;

interface Cost {
  asked: CostCase;
  ms: number;
  /** The first request alone: what of it is kept for the next ones is no help where each asks something else. */
  firstMs: number;
  http: number;
}

/** Walks the public routes with the worst that their parameters, headers and bodies can be, with nothing cached. */
export const benchCosts = (context: BenchContext): Promise<BenchReport> =>
  walkRoutes(context, context.smoke ? 3000 : 200_000);

/** The same over as many movies as most mirrors have: the planner chooses otherwise there. */
export const benchCostsUsual = (context: BenchContext): Promise<BenchReport> =>
  walkRoutes(context, context.smoke ? 3000 : 30_000);

/** The same over as many movies as there are. */
export const benchCostsMillion = (context: BenchContext): Promise<BenchReport> =>
  walkRoutes(context, context.smoke ? 3000 : 1_000_000);

async function walkRoutes(context: BenchContext, count: number): Promise<BenchReport> {
  const { smoke, say } = context;
  await using stack = new AsyncDisposableStack();
  const { database, names, source } = await openCatalogue(context, count);
  stack.use(database);
  await fillAnswers(database);
  const env = { DATABASE_URL: databaseUrl(database), CACHE: 'off', WAIT_MS: '0' };
  const api = stack.use(await startChildProgram('./reads/api-server.ts', env));
  const forgetful = stack.use(
    await startChildProgram('./reads/api-server.ts', { ...env, KEPT_LISTS: 'off' }),
  );
  const measures = {
    measure: await createMeasure(api, database),
    measureFirst: await createMeasure(forgetful, database),
  };
  const description = await fetch(`${urlOf(api)}/docs/json`);
  const unknownId = 1_900_000_001;
  const readers = await openReaders(database);
  const described = costRoutes(Description.parse(await description.json()), {
    knownId,
    busyId: busyPerson,
    busyName: names[busyPerson - 1] ?? '',
    unknownId,
    unaskedId,
    pairs: !smoke,
    readers,
  });
  const changing = { readers, unknownId, knownId };
  const routes = [...described, ...missedReads(changing), ...writesOfUsers(changing)];
  const walked: Walked[] = [];
  for (const route of routes) {
    say(`${route.plain.route}: ${route.others.length} cases`);
    walked.push(await walk(route, measures));
  }
  const over: string[] = [];
  // Once more at the end: what was asked early met a program that had hardly compiled anything.
  for (const { usual, costs } of walked)
    for (const cost of costs) {
      await measureAgain(cost, usual, measures);
      const ms = Math.max(cost.ms, cost.firstMs);
      if (!isOver(ms, usual)) continue;
      const when = cost.firstMs > cost.ms ? ', the first time' : '';
      const line = `${usual.plain.asked.route} ${shown(cost.asked)}: ${ratioOf(usual.plain, ms).toFixed(1)} × (${ms.toFixed(1)} ms${when})`;
      say(`over: ${line}`);
      over.push(line);
    }
  const rows = walked.map(rowOf);
  if (smoke && over.length > 0) {
    say(tableOf(rows));
    throw new Error(`more than ${maxRatio} times the plain case:\n  ${over.join('\n  ')}`);
  }
  return {
    rows,
    data: `${count} movies and as many people, their titles and names mixed from ${source}`,
  };
}

type Measure = (asked: CostCase) => Promise<Cost>;

interface Measures {
  measure: Measure;
  /** Of a program that keeps nothing: each request is as the first of a minute, however often it is asked. */
  measureFirst: Measure;
}

/** The plain case of a route, by the middle one of what was measured of it. */
interface Usual {
  plain: Cost;
  allMs: number[];
}

interface Walked {
  usual: Usual;
  costs: Cost[];
}

/**
 * What a route's cases cost. What seems to be over is measured again, and the plain case beside it: other programs
 * disturb both. A first request is measured again where nothing of it is kept.
 */
async function walk({ plain, others }: CostRoute, measures: Measures): Promise<Walked> {
  const { measure, measureFirst } = measures;
  for (let warming = 0; warming < warmings; warming++) await measure(plain);
  const measured = await measure(plain);
  if (measured.http >= 500)
    throw new Error(`${plain.route}: ${measured.http} in its plain case, which tells nothing`);
  const isSignedIn = new Headers(plain.init?.headers).has('authorization');
  if (isSignedIn && measured.http === 401) throw new Error(`${plain.route}: its user was not believed`);
  const usual = { plain: measured, allMs: [measured.ms] };
  const costs: Cost[] = [];
  for (const asked of others) {
    const cost = await measure(asked);
    // What a program does for the first time, it does slowly: that is no matter of what was asked.
    if (isOver(cost.firstMs, usual))
      for (let warming = 0; warming < warmings; warming++) await measureFirst(asked);
    await measureAgain(cost, usual, measures);
    costs.push(cost);
  }
  return { usual, costs };
}

/** Measures what is over the limit again, the plain case beside it, as long as it is and some times at most. */
async function measureAgain(cost: Cost, usual: Usual, { measure, measureFirst }: Measures): Promise<void> {
  const measureUsual = async () => {
    usual.allMs.push((await measure(usual.plain.asked)).ms);
    usual.plain.ms = median(usual.allMs);
  };
  for (let again = 0; again < mostAgain && isOver(cost.ms, usual); again++) {
    cost.ms = Math.min(cost.ms, (await measure(cost.asked)).ms);
    await measureUsual();
  }
  for (let again = 0; again < mostAgain && isOver(cost.firstMs, usual); again++) {
    cost.firstMs = Math.min(cost.firstMs, (await measureFirst(cost.asked)).ms);
    await measureUsual();
  }
}

const isOver = (ms: number, { plain }: Usual) => ratioOf(plain, ms) > maxRatio;

const mostAgain = 3;

const ratioOf = (plain: Cost, ms: number) => ms / Math.max(plain.ms, leastMs);

/** A case is asked for so long, and so often. */
const forMs = 20;
const atLeast = 3;

async function createMeasure(api: ChildProgram, database: Database): Promise<Measure> {
  const cpu = await createCpuMeter(api, database);
  const base = urlOf(api);
  let asks = 0;
  return async (asked) => {
    let http = 0;
    const ask = async () => {
      const { path, init } = { ...asked, ...asked.another?.(asks++) };
      const answer = await fetch(`${base}${path}`, { redirect: 'manual', ...init });
      await answer.arrayBuffer();
      http = answer.status;
    };
    const before = await cpu();
    await ask();
    const afterFirst = await cpu();
    const startedAt = performance.now();
    let requests = 0;
    do {
      await ask();
      requests += 1;
    } while (requests < atLeast || performance.now() - startedAt < forMs);
    return { asked, http, firstMs: afterFirst - before, ms: ((await cpu()) - afterFirst) / requests };
  };
}

const urlOf = (api: ChildProgram) => z.string().parse(api.ready);

const shown = ({ what }: CostCase) => (what.length > 120 ? `${what.slice(0, 117)}…` : what);

/** By the most expensive of a route's cases, and by the one whose first request alone was. */
function rowOf({ usual: { plain }, costs }: Walked): BenchRow {
  const [any = plain] = costs;
  const worst = costs.reduce((most, cost) => (cost.ms > most.ms ? cost : most), any);
  const atFirst = costs.reduce((most, cost) => (cost.firstMs > most.firstMs ? cost : most), any);
  const ratio = ratioOf(plain, Math.max(worst.ms, atFirst.firstMs));
  return {
    what: plain.asked.route,
    measured: ratio,
    unit: '× plain',
    limit: maxRatio,
    limitIs: '×',
    target: `at most ${maxRatio} ×`,
    met: ratio <= maxRatio,
    note: `${plain.ms.toFixed(2)} → ${worst.ms.toFixed(2)} ms CPU, ${worst.http}: ${shown(worst.asked)}; first request up to ${atFirst.firstMs.toFixed(1)} ms: ${shown(atFirst.asked)}`,
  };
}
