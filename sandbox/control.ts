import { z } from 'zod';
import { FaultRules } from './faults.ts';
import type { Sandbox } from './sandbox.ts';
import type { WireMovie } from './wire.ts';

const SENT_REQUESTS = 50_000;

const Limit = z.strictObject({ maxRps: z.number().positive().nullable() });
const Ids = z.strictObject({ ids: z.array(z.int()) });
const Changed = z.strictObject({ ids: z.array(z.int()), atMs: z.number().optional() });
const Override = z.strictObject({ id: z.int(), patch: z.record(z.string(), z.unknown()) });
const Movie = z.looseObject({ id: z.int(), genres: z.array(z.object({ id: z.int(), name: z.string() })) });
const Trending = z.strictObject({ window: z.enum(['day', 'week']), ids: z.array(z.int()) });

export type Controls = Omit<Sandbox, 'stop'>;

/** What programs in other processes may do to the stand-in: the same as tests beside it. */
const actions: Readonly<Record<string, (sandbox: Controls, body: unknown) => void>> = {
  'POST /reset-stats': (sandbox) => sandbox.resetStats(),
  'POST /misbehave': (sandbox, body) => sandbox.misbehave(FaultRules.parse(body)),
  'POST /limit': (sandbox, body) => sandbox.limit(Limit.parse(body).maxRps),
  'POST /gone': (sandbox, body) => sandbox.setGone(Ids.parse(body).ids),
  'POST /changed': (sandbox, body) => {
    const { ids, atMs } = Changed.parse(body);
    sandbox.listChanged(ids, atMs);
  },
  'POST /override': (sandbox, body) => {
    const { id, patch } = Override.parse(body);
    sandbox.override(id, patch as Partial<WireMovie>);
  },
  'POST /add-movie': (sandbox, body) => sandbox.addMovie(Movie.parse(body) as unknown as WireMovie),
  'POST /trending': (sandbox, body) => {
    const { window, ids } = Trending.parse(body);
    sandbox.setTrending(window, ids);
  },
  'POST /clear-changes': (sandbox) => sandbox.clearChanges(),
};

function readStats(sandbox: Controls) {
  const { byMovieId, ...stats } = sandbox.stats();
  return Response.json({ identity: sandbox.identity, ...stats, byMovieId: Object.fromEntries(byMovieId) });
}

/** Answers `/__sandbox/…`; path is what comes after that. */
export async function answerControl(sandbox: Controls, request: Request, path: string): Promise<Response> {
  const name = `${request.method} ${path}`;
  if (name === 'GET /stats') return readStats(sandbox);
  if (name === 'GET /requests') return Response.json({ requests: sandbox.requests().slice(-SENT_REQUESTS) });
  const action = actions[name];
  if (!action) return Response.json({ error: `no such control: ${name}` }, { status: 404 });
  try {
    const text = await request.text();
    action(sandbox, text === '' ? undefined : JSON.parse(text));
    return Response.json({ ok: true });
  } catch (error) {
    if (error instanceof z.ZodError) return Response.json({ error: z.prettifyError(error) }, { status: 400 });
    if (error instanceof SyntaxError) return Response.json({ error: error.message }, { status: 400 });
    throw error;
  }
}
