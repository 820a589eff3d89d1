import { bufferedOutput } from '#shared/buffered-output.ts';
import { type ApiConfig, readApiConfig } from '#shared/config.ts';
import { createLog } from '#shared/log.ts';
import { openConfiguredDatabase } from '#shared/orm/database.ts';
import { type ProgramControl, type Running, runProgram } from '#shared/program.ts';
import { openTracing } from '#shared/tracing/open-tracing.ts';
import { within } from '#shared/within.ts';
import { openApi, type RunningApi } from './main.ts';
import { commonFigures, mergedText, ownFigures } from './processes/merged-figures.ts';
import type { Order, ProcessFigures, Report } from './processes/messages.ts';
import { createConnectionSpread } from './processes/spread-connections.ts';

// One of the API processes that share a port. Another one (`processes/watch-over.ts`) starts it, and it ends with that.

/** How often the others may hear what it has counted: that much may be lost with a crash. */
const reportEveryMs = 5000;
/** How long the others may take to say what they have counted. */
const collectMs = 2000;

const report = (said: Report): void => {
  try {
    if (process.connected) process.send?.(said);
  } catch {
    // The one that watches is gone: this one is about to end.
  }
};

const awaited = new Map<number, (figures: ProcessFigures[]) => void>();
let asked = 0;

/** What all processes have counted, as text. */
async function readAllMetrics(): Promise<string> {
  const id = ++asked;
  const { promise, resolve } = Promise.withResolvers<ProcessFigures[]>();
  awaited.set(id, resolve);
  report({ type: 'collect', id });
  try {
    const [common, all] = await Promise.all([api && commonFigures(api.metrics), within(collectMs, promise)]);
    return await mergedText([common ?? [], ...all]);
  } finally {
    awaited.delete(id);
  }
}

/** What cannot be counted now may be the next time. */
async function tell(): Promise<void> {
  const figures = api && (await ownFigures(api.metrics).catch(() => undefined));
  if (figures !== undefined) report({ type: 'figures', figures });
}

const begun = Promise.withResolvers<Extract<Order, { type: 'begin' }>>();
const spread = createConnectionSpread();
let api: RunningApi | undefined;
let end = (): void => process.exit(0);

process.on('message', async (order: Order) => {
  if (order.type === 'begin') begun.resolve(order);
  else if (order.type === 'counted') awaited.get(order.id)?.(order.figures);
  else if (order.type === 'count-requests') report({ type: 'requests', ...spread.seen() });
  else if (order.type === 'let-go') spread.letGo(order.connections);
  else if (order.type === 'end') end();
  else await tell();
});
process.on('disconnect', () => end());

async function open(control: ProgramControl): Promise<Running> {
  end = control.end;
  const { port, pools, logTo } = await begun.promise;
  const config: ApiConfig = { ...readApiConfig(process.env), port };
  const { pid } = process;
  const log = createLog({
    level: config.logLevel,
    name: 'api',
    destination: bufferedOutput(logTo ?? 1),
  }).child({ pid });
  await using stack = new AsyncDisposableStack();
  const tracing = await openTracing({ target: config.tracing, serviceName: 'nexus-api', log });
  if (tracing !== undefined) stack.use(tracing);
  const { signal } = control;
  const database = stack.use(
    await openConfiguredDatabase(config, log, { signal, oneProcess: true, poolMax: pools.reads }),
  );
  const shared = { pools, readAllMetrics, spread };
  const opened = stack.use(await openApi(config, { log, database, signal, tracing, shared }));
  api = opened;
  const timer = setInterval(() => void tell(), reportEveryMs);
  stack.defer(() => clearInterval(timer));
  report({ type: 'up', url: opened.url });
  const owned = stack.move();
  return {
    graceMs: config.shutdownGraceMs,
    log,
    async [Symbol.asyncDispose]() {
      await owned.disposeAsync();
      await tell();
      process.disconnect?.();
    },
  };
}

await runProgram({ open, isPart: true });
