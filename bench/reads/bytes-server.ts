import { Elysia } from 'elysia';
import { speakWithParent } from '../child-program.ts';
import type { WholeAnswer } from './whole-answer.ts';

/** The limit of a hot read: a bare route that always gives the same bytes and headers. */
// With a port several of them share it.
const { ANSWER: whole = '', ROUTE: route = '/api/movies/:tmdb_movie_id', PORT: port = '0' } = process.env;
const answer: WholeAnswer = JSON.parse(whole);
const body = new Uint8Array(Buffer.from(answer.body));
const headers = Object.entries(answer.headers);
const app = new Elysia({ serve: { development: false } })
  .get(route, ({ set }) => {
    for (const [name, value] of headers) set.headers[name] = value;
    return body;
  })
  .listen({ hostname: '127.0.0.1', port: Number(port), reusePort: port !== '0' });
speakWithParent(`http://127.0.0.1:${app.server?.port}`, () => process.cpuUsage());
