import { type Handler, noCounts } from '#worker/runner/handler.ts';
import { computeInThread } from './compute-in-thread.ts';
import { readInteractions } from './read-interactions.ts';
import { saveNeighbours } from './save-neighbours.ts';

/** How much of the work is the arithmetic; the rest is writing. */
const arithmeticPart = 0.9;

/**
 * Computes anew what users' likes say of movies. Begins from nothing each time, so that a deleted user's likes are gone
 * with it; interrupted anywhere, it leaves the former neighbours as they were.
 * Counts: `seen` interactions, `created` movies with neighbours.
 */
export const rebuildNeighbours: Handler<'neighbours'> = async (_payload, context) => {
  const { em, signal, counts, progress } = context;
  Object.assign(counts, noCounts());
  const interactions = await readInteractions(em.getKysely(), signal);
  counts.seen = interactions.movieIds.length;
  const computed = await computeInThread(interactions, signal, (done) => progress(done * arithmeticPart));
  await saveNeighbours(em, computed, signal);
  counts.created = computed.movieIds.length;
};
