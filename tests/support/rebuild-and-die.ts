import { openDatabase } from '#shared/orm/database.ts';
import { jobContext } from '#tests/support/job-context.ts';
import { rebuildKeeping } from '#worker/recommendations/rebuild-neighbours.ts';

/** A program that runs the job `neighbours`, and is killed as by `kill -9` as soon as it is so far. */
const [url = '', diesAt = ''] = process.argv.slice(2);
await using database = await openDatabase({ url });
const progress = (done: number) => {
  if (done >= Number(diesAt)) process.kill(process.pid, 'SIGKILL');
};
await rebuildKeeping(0)({ trigger: 'admin' }, jobContext(database, { progress }));
