import { Redis } from 'ioredis';
import { listenToNotices } from '#shared/db/notices.ts';
import { createLog } from '#shared/log.ts';
import { openDatabase } from '#shared/orm/database.ts';
import { openQueues } from '#shared/queues/queue.ts';
import { until } from '#tests/support/until.ts';
import { holdWorkerLock } from '#worker/store/hold-worker-lock.ts';

/*
 * Run by `dropped-packets.test.ts` on the first of two hosts (`in-namespaces.sh`). Connects everything that the service
 * connects, drops all packets between the hosts in silence, and prints as JSON when each part noticed and was well again.
 */
const [socketPath = '', user = '', database = ''] = process.argv.slice(2);
const farNetwork = `/proc/${process.env.FAR_HOST}/ns/net`;
const farHost = '10.77.0.2';
const postgresPort = 5432;
const redisPort = 6379;
const droppedMs = 25_000;
const wellWithinMs = 60_000;
const log = createLog({ level: process.env.TEST_LOG ?? 'silent', name: 'dropped-packets' });

const onFar = (...command: string[]) => ['nsenter', `--net=${farNetwork}`, ...command];
const start = (command: string[]) => Bun.spawn(command, { stdout: 'ignore', stderr: 'ignore' });
const run = (command: string[]) => {
  const { exitCode } = Bun.spawnSync(command, { stderr: 'ignore' });
  if (exitCode !== 0) throw new Error(`${command.join(' ')} failed`);
};
/** No packet fits through this, on both sides: nobody is told. */
const bottleneck = ['root', 'tbf', 'rate', '8bit', 'burst', '1', 'limit', '1'];
const drop = () => {
  run(['tc', 'qdisc', 'add', 'dev', 'near', ...bottleneck]);
  run(onFar('tc', 'qdisc', 'add', 'dev', 'far', ...bottleneck));
};
const mend = () => {
  run(['tc', 'qdisc', 'del', 'dev', 'near', 'root']);
  run(onFar('tc', 'qdisc', 'del', 'dev', 'far', 'root'));
};

await using stack = new AsyncDisposableStack();
const startedOnFar = (command: string[]) => {
  const child = start(onFar(...command));
  stack.defer(async () => {
    child.kill('SIGKILL');
    await child.exited;
  });
};
startedOnFar([process.execPath, 'tests/faults/far-host.ts', socketPath, String(postgresPort)]);
startedOnFar([
  'redis-server',
  '--port',
  String(redisPort),
  '--bind',
  farHost,
  '--protected-mode',
  'no',
  '--save',
  '',
]);
const probe = new Redis(redisPort, farHost, { retryStrategy: () => 100, maxRetriesPerRequest: 300 });
probe.on('error', () => {});
await probe.ping();
probe.disconnect();

const target = { host: farHost, port: postgresPort, user, database };
const near = stack.use(await openDatabase(target, { log }));
const redisUrl = `redis://${farHost}:${redisPort}`;
const inPostgres = stack.use(await openQueues({ redisUrl: undefined, database: near, log, role: 'worker' }));
const inRedis = stack.use(await openQueues({ redisUrl, database: near, log, role: 'worker' }));
const producer = stack.use(await openQueues({ redisUrl, database: near, log, role: 'producer' }));
const notices = stack.use(
  await listenToNotices({ clientConfig: target, onNotice: () => {}, onGap: () => {}, log }),
);
let lockIsLost = false;
const onLost = () => {
  lockIsLost = true;
};
stack.use(await holdWorkerLock(target, { log, onLost }));
const done = new Set<string>();
for (const [kind, queues] of Object.entries({ inPostgres, inRedis })) {
  const worker = queues.worker('on-demand', async (job) => void done.add(`${kind}/${job.id}`), {
    concurrency: 1,
  });
  stack.defer(() => worker.close(true));
  void worker.run();
}
const add = (queues: typeof inRedis, tmdbId: number) =>
  queues.enqueue('movies.fetch', { tmdbId, requestedAt: Date.now() });
const isDone = (kind: string, tmdbId: number) => [...done].some((id) => id === `${kind}/movie-${tmdbId}`);
await add(inPostgres, 1);
await add(inRedis, 1);
await until(() => isDone('inPostgres', 1) && isDone('inRedis', 1));
await Bun.sleep(500);

drop();
const droppedAtMs = performance.now();
const since = (ms: number) => Math.round(performance.now() - ms);
const failed = (work: Promise<unknown>) =>
  work.then(
    () => Number.NaN,
    () => since(droppedAtMs),
  );
const noticed = {
  statement: failed(near.pool.query('select 1')),
  notices: until(() => !notices.connected, wellWithinMs).then(() => since(droppedAtMs)),
  producer: failed(add(producer, 9)),
};
await Bun.sleep(droppedMs);
mend();
const mendedAtMs = performance.now();
const comesTrue = (isSo: () => Promise<boolean> | boolean) =>
  until(isSo, wellWithinMs).then(
    () => since(mendedAtMs),
    () => null,
  );
const works = (work: () => Promise<unknown>) =>
  comesTrue(() =>
    work().then(
      () => true,
      () => false,
    ),
  );
const holders = () =>
  near.pool.query("select 1 from pg_locks where locktype = 'advisory' and objid = 7269002 and granted");
const [statement, heard, sent, lock, jobInPostgres, jobInRedis] = await Promise.all([
  works(() => near.pool.query('select 1')),
  comesTrue(() => notices.connected),
  works(() => add(producer, 3)),
  comesTrue(async () => !lockIsLost && ((await holders().catch(() => undefined))?.rowCount ?? 0) === 1),
  works(() => add(inPostgres, 2)).then(() => comesTrue(() => isDone('inPostgres', 2))),
  works(() => add(inRedis, 2)).then(() => comesTrue(() => isDone('inRedis', 2))),
]);
const noticedAfterMs = {
  statement: await noticed.statement,
  notices: await noticed.notices,
  producer: await noticed.producer,
};
const wellAfterMs = { statement, notices: heard, producer: sent, lock, jobInPostgres, jobInRedis };
process.stdout.write(`${JSON.stringify({ noticedAfterMs, wellAfterMs })}\n`);
process.exit(0);
