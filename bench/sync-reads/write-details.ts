import { openDatabase } from '#shared/orm/database.ts';
import { saveMovies } from '#worker/movies/save-movies.ts';
import { speakWithParent } from '../child-program.ts';
import { generatedMovies } from '../generated-movies.ts';

/** Writes details as the worker does, at a steady rate, until it is told to stop. */
export type WriteOrder = { type: 'write'; perSecond: number } | { type: 'stop' };

const movies = generatedMovies(Number(process.env.MOVIES ?? 1000));
const everyMs = 500;
const database = await openDatabase({ url: process.env.DATABASE_URL ?? '' });
let next = 0;
let written = 0;
let stopping: AbortController | undefined;
let writing = Promise.resolve();

/** New ones first; when all are written they have changed. */
const take = () => {
  const round = Math.floor(next / movies.length);
  const movie = movies[next++ % movies.length];
  if (movie === undefined) throw new Error('there are no movies');
  return round === 0 ? movie : { ...movie, tagline: `${movie.tagline} ${round}` };
};

async function write(perSecond: number, signal: AbortSignal): Promise<void> {
  const startedAt = performance.now();
  for (let batch = 1; !signal.aborted; batch++) {
    const size = Math.max(1, Math.round((perSecond * everyMs) / 1000));
    await saveMovies(database.orm.em.fork(), Array.from({ length: size }, take), { now: new Date() });
    written += size;
    const early = startedAt + batch * everyMs - performance.now();
    if (early > 0) await Bun.sleep(early);
  }
}

/** @returns how many it has written, when it is told to stop */
async function obey(order: WriteOrder): Promise<number> {
  if (order.type === 'write') {
    written = 0;
    stopping = new AbortController();
    writing = write(order.perSecond, stopping.signal);
    writing.catch(() => {});
    return 0;
  }
  stopping?.abort();
  await writing;
  return written;
}

speakWithParent('up', (order) => obey(order as WriteOrder));
