import { type Handler, noCounts } from '#worker/runner/handler.ts';
import { computeInThread } from './compute-in-thread.ts';
import { workVersion } from './compute-neighbours.ts';
import { keepWork, openKeptRun, readWork } from './kept-run.ts';
import { readInteractions } from './read-interactions.ts';
import { saveNeighbours } from './save-neighbours.ts';

/** How far a run is after reading, and after the arithmetic. The rest is writing. */
const [readPart, arithmeticPart] = [0.3, 0.9];

/**
 * Computes anew what users' likes say of movies, from nothing but their interactions, so that a deleted user's likes are
 * gone with it. Interrupted anywhere, it leaves the former neighbours as they were, and the next run goes on with what
 * was read and computed.
 * Counts: `seen` interactions, `created` movies with neighbours.
 */
export const rebuildNeighbours = rebuildKeeping(10_000);

/** @param keepEveryMs so often what is computed is kept */
export function rebuildKeeping(keepEveryMs: number): Handler<'neighbours'> {
  return async (_payload, { em, signal, counts, now, progress }) => {
    Object.assign(counts, noCounts());
    const on = em.getKysely();
    await openKeptRun(em, workVersion, now());
    const interactions = await readInteractions(on, {
      signal,
      progress: (done) => progress(done * readPart),
    });
    counts.seen = interactions.movieIds.length;
    const computed = await computeInThread(interactions, {
      signal,
      progress: (done) => progress(readPart + done * (arithmeticPart - readPart)),
      kept: await readWork(on),
      keepEveryMs,
      keep: (parts, position) => keepWork(em.fork(), parts, position),
    });
    await saveNeighbours(em, computed, {
      signal,
      progress: (done) => progress(arithmeticPart + done * (1 - arithmeticPart)),
    });
    counts.created = computed.movieIds.length;
  };
}
