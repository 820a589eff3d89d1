import { chance } from '#tests/support/chance.ts';
import type { Interactions } from '#worker/recommendations/interaction-matrix.ts';

/** How much there is to compute from. */
export interface Amount {
  users: number;
  movies: number;
  perUser: number;
}

/** One user's movies, 1 and up, in the order of time; half of them liked. */
export interface InventedUser {
  movieIds: Int32Array;
  liked: Uint8Array;
}

/** Users with a taste each, the better known movies more often, few users with very many; always the same ones. */
export function* inventUsers({ users, movies, perUser }: Amount): Generator<InventedUser> {
  const random = chance();
  const lastUser = new Int32Array(movies).fill(-1);
  for (let user = 0; user < users; user++) {
    const wanted = Math.ceil(Math.min(movies / 3, 5 - perUser * Math.log(1 - random() * 0.9999)));
    const [movieIds, liked] = [new Int32Array(wanted), new Uint8Array(wanted)];
    let length = 0;
    for (let n = 0; n < wanted; n++) {
      const place = Math.floor(random() ** 3 * movies);
      const own = Math.min(movies - 1, place - (place % 40) + (user % 40));
      const movie = random() < 0.6 ? own : place;
      if (lastUser[movie] === user) continue;
      lastUser[movie] = user;
      movieIds[length] = movie + 1;
      liked[length++] = random() < 0.5 ? 1 : 0;
    }
    yield { movieIds: movieIds.subarray(0, length), liked: liked.subarray(0, length) };
  }
}

export function inventInteractions(amount: Amount): Interactions {
  const most = Math.ceil(amount.users * amount.perUser * 1.2);
  const [movieIds, values] = [new Int32Array(most), new Float32Array(most)];
  const userStarts = new Int32Array(amount.users + 1);
  let [length, user] = [0, 0];
  for (const one of inventUsers(amount)) {
    const kept = one.movieIds.subarray(0, most - length);
    movieIds.set(kept, length);
    for (let n = 0; n < kept.length; n++) values[length + n] = one.liked[n] === 1 ? 1 : 0.5;
    length += kept.length;
    userStarts[++user] = length;
  }
  return { userStarts, movieIds: movieIds.slice(0, length), values: values.slice(0, length) };
}
