import type { Pool } from 'pg';
import { z } from 'zod';
import { putUser } from '#tests/support/put-user.ts';
import { openCallers } from '../sizes/open-callers.ts';
import type { TestUser } from './histories.ts';

/** What one request may name. */
const itemsPerRequest = 500;
const atOnce = 8;

const Answer = z.object({ data: z.object({ added: z.number(), unchanged: z.number() }) });

export interface PostedHistories {
  /** What each user signs their requests with. */
  headers: { authorization: string }[];
  requests: number;
  added: number;
  /** How long each request took. */
  ms: number[];
}

/**
 * Posts each history as its user would, a like or a watched movie an item, eight users at once.
 * @throws {Error} where a request is refused
 */
export async function postHistories(
  { pool, url }: { pool: Pool; url: string },
  users: readonly TestUser[],
): Promise<PostedHistories> {
  const headers = await openSessions(pool, users.length);
  const posted: PostedHistories = { headers, requests: 0, added: 0, ms: [] };
  const post = async (n: number) => {
    const items = users[n]?.seen.map(({ tmdbId, liked, at }) => ({
      tmdb_id: tmdbId,
      type: liked ? 'liked' : 'watched',
      at: at.toISOString(),
    }));
    for (let start = 0; items !== undefined && start < items.length; start += itemsPerRequest) {
      const startedAt = performance.now();
      const answer = await fetch(`${url}/api/user/interactions`, {
        method: 'POST',
        headers: { ...headers[n], 'content-type': 'application/json' },
        body: JSON.stringify({ items: items.slice(start, start + itemsPerRequest) }),
      });
      const body = await answer.json();
      if (!answer.ok) throw new Error(`posting was refused: ${answer.status} ${JSON.stringify(body)}`);
      posted.ms.push(performance.now() - startedAt);
      posted.requests++;
      posted.added += Answer.parse(body).data.added;
    }
  };
  let next = 0;
  const one = async () => {
    while (next < users.length) await post(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return posted;
}

/** Without registering: that would measure hashes of passwords. */
async function openSessions(pool: Pool, users: number) {
  const ids: string[] = [];
  while (ids.length < users) ids.push(await putUser(pool));
  return (await openCallers(pool, ids)).map((token) => ({ authorization: `Bearer ${token}` }));
}
