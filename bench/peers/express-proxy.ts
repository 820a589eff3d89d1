import express from 'express';
import NodeCache from 'node-cache';
import { speakWithParent } from '../child-program.ts';
import { sandboxKey } from '../sandbox-child.ts';

/** What one would write instead of running this service: a proxy before TMDb that remembers answers for an hour. */
const { TMDB_URL: tmdbUrl = '' } = process.env;
const appended = 'credits,keywords,videos,release_dates,alternative_titles,watch/providers';
const cache = new NodeCache({ stdTTL: 3600 });
const app = express();
app.get('/api/movies/:tmdb_movie_id', async (request, response) => {
  const key = request.originalUrl;
  const known: unknown = cache.get(key);
  if (known !== undefined) return void response.json(known);
  const { tmdb_movie_id: id } = request.params;
  const url = `${tmdbUrl}/movie/${id}?append_to_response=${appended}`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${sandboxKey}` } });
  const body: unknown = await answer.json();
  if (answer.ok) cache.set(key, body);
  response.status(answer.status).json(body);
});
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  speakWithParent(`http://127.0.0.1:${address.port}`, () => process.cpuUsage());
});
