import { computeNeighbours } from '#worker/recommendations/compute-neighbours.ts';
import type { Interactions } from '#worker/recommendations/interaction-matrix.ts';
import { speakWithParent } from '../child-program.ts';

/** How much there is to compute from. */
export interface Amount {
  users: number;
  movies: number;
  perUser: number;
}

/** What it took, on the processor alone: other work on the machine does not count. */
export interface ComputeCosts {
  interactions: number;
  seconds: number;
  cpuSeconds: number;
}

/** Users with a taste each, the better known movies more often, few users with very many; always the same ones. */
function inventInteractions({ users, movies, perUser }: Amount): Interactions {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const most = Math.ceil(users * perUser * 1.2);
  const [movieIds, values] = [new Int32Array(most), new Float32Array(most)];
  const userStarts = new Int32Array(users + 1);
  const lastUser = new Int32Array(movies).fill(-1);
  let length = 0;
  for (let user = 0; user < users; user++) {
    const wanted = Math.min(movies / 3, 5 - perUser * Math.log(1 - random() * 0.9999));
    for (let n = 0; n < wanted && length < most; n++) {
      const place = Math.floor(random() ** 3 * movies);
      const own = Math.min(movies - 1, place - (place % 40) + (user % 40));
      const movie = random() < 0.6 ? own : place;
      if (lastUser[movie] === user) continue;
      lastUser[movie] = user;
      movieIds[length] = movie + 1;
      values[length++] = random() < 0.5 ? 1 : 0.5;
    }
    userStarts[user + 1] = length;
  }
  return { userStarts, movieIds: movieIds.slice(0, length), values: values.slice(0, length) };
}

function compute(amount: Amount): ComputeCosts {
  const interactions = inventInteractions(amount);
  const before = process.cpuUsage();
  const startedAt = performance.now();
  computeNeighbours(interactions);
  const { user, system } = process.cpuUsage(before);
  return {
    interactions: interactions.movieIds.length,
    seconds: (performance.now() - startedAt) / 1000,
    cpuSeconds: (user + system) / 1e6,
  };
}

if (import.meta.main) speakWithParent('ready', (amount) => compute(amount as Amount));
