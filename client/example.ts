import { createNexusClient, type Tokens } from './index.ts';

interface ExampleOptions {
  baseUrl: string;
  /** One that nobody has registered yet. */
  email: string;
  say: (line: string) => void;
}

/** What a frontend does with the client: a visitor's reads, an account, a like, and a list with reasons. */
export async function runExample({ baseUrl, email, say }: ExampleOptions): Promise<void> {
  let kept: Tokens | undefined;
  const nexus = createNexusClient({
    baseUrl,
    tokens: {
      get: () => kept,
      set: (tokens) => {
        kept = tokens;
      },
    },
    waitForPendingMs: 20_000,
  });

  const trending = await nexus.GET('/api/movies/trending', {
    params: { query: { window: 'day', limit: 3 } },
  });
  if (trending.error) throw new Error(trending.error.message);
  for (const { rank, title } of trending.data.data) say(`trending ${rank}: ${title}`);

  const account = { name: 'Ada', email, password: 'correct horse' };
  const registered = await nexus.POST('/api/auth/register', { body: account });
  if (registered.error) throw new Error(registered.error.message);
  kept = registered.data.data;

  const [first] = trending.data.data;
  if (first === undefined) throw new Error('nothing is trending');
  await nexus.POST('/api/user/interactions', { body: { tmdb_id: first.tmdb_id, type: 'liked' } });
  const movie = await nexus.GET('/api/movies/{tmdb_movie_id}', {
    params: { path: { tmdb_movie_id: first.tmdb_id } },
  });
  if (movie.error) throw new Error(movie.error.message);
  if (movie.data.status === 'success')
    say(
      `${movie.data.data.title}: ${movie.data.data.viewer?.liked ? 'liked' : 'not liked'}, ${movie.data.data.runtime} min`,
    );

  const list = await nexus.GET('/api/user/recommendations', { params: { query: { limit: 3 } } });
  if (list.error) throw new Error(list.error.message);
  for (const { movie: recommended, reasons } of list.data.data)
    say(`${recommended.title}: ${reasons[0]?.text}`);

  const missing = await nexus.GET('/api/movies/{tmdb_movie_id}', {
    params: { path: { tmdb_movie_id: 2_000_000_000 } },
  });
  if (missing.error?.code === 'movie_not_found') say('there is no such movie');
}
