import { expect, test } from 'bun:test';
import { Elysia, status } from 'elysia';
import type { Statement } from '#shared/db/sql.ts';
import { Genre } from '../../genres/model.ts';
import { Liveness } from '../../health/model.ts';
import type { Actor } from '../../people/model.ts';
import type { ListReading, ListReads } from '../answers/list-reads.ts';
import { MirrorMeta, PageMeta } from '../answers/model.ts';
import { type ReadyBody, readyBody } from '../answers/ready-body.ts';
import { sendReady } from '../answers/send-ready.ts';
import { done, jsonText, type PendingAnswer, success } from './answer.ts';
import { describeRoute } from './describe-route.ts';

const common = { tag: 'About', summary: 'A route of this test', failures: [500] } as const;
const one = describeRoute({ ...common, data: Genre });
const list = describeRoute({ ...common, data: [Genre], meta: PageMeta });
const made = describeRoute({ ...common, data: Genre, success: 201 });
const nothing = describeRoute({ ...common });
const ready = describeRoute({ ...common, data: [Genre], meta: MirrorMeta, mirrored: true });
const pending = describeRoute({ ...common, data: Genre, pending: true });
const body = describeRoute({ ...common, data: Genre, body: Genre });
const events = describeRoute({ ...common, events: Genre });

const drama: Genre = { id: 18, name: 'Drama' };
const page: PageMeta = { page: 1, limit: 20, total_results: 1, total_pages: 1 };
declare const genresBody: ReadyBody<Genre[], MirrorMeta>;
declare const actorsBody: ReadyBody<Actor[], MirrorMeta>;
declare const notYet: PendingAnswer;

test('an answer as declared compiles', async () => {
  const app = new Elysia()
    .get('/one', () => success(drama), { ...one })
    .get('/literal', () => success<Liveness>({ live: true }), describeRoute({ ...common, data: Liveness }))
    .get('/list', async () => success([drama], page), { ...list })
    .get('/made', () => status(201, success(drama)), { ...made })
    .get('/nothing', ({ set }) => done({ set }), { ...nothing })
    .get('/ready', async (exchange) => sendReady(exchange, genresBody), { ...ready })
    .get('/pending', async ({ query }) => ('now' in query ? success(drama) : notYet), { ...pending })
    .post('/body', ({ body: { id, name } }) => success({ id, name }), { ...body });
  const answerOf = async (path: string) => {
    const answer = await app.handle(new Request(`http://nexus.test${path}`));
    return [answer.status, await answer.text()];
  };
  expect(await answerOf('/one')).toEqual([200, '{"status":"success","data":{"id":18,"name":"Drama"}}']);
  expect(await answerOf('/made')).toEqual([201, '{"status":"success","data":{"id":18,"name":"Drama"}}']);
  expect(await answerOf('/list')).toEqual([
    200,
    `{"status":"success","data":[{"id":18,"name":"Drama"}],"meta":${JSON.stringify(page)}}`,
  ]);
  expect(await answerOf('/nothing')).toEqual([204, '']);
});

test('an answer that differs does not', () => {
  const app = new Elysia();
  // @ts-expect-error a field of another type
  app.get('/a', () => success({ id: 18, name: null }), one);
  // @ts-expect-error a field is missing
  app.get('/b', () => success({ id: 18 }), one);
  // @ts-expect-error a field that the schema does not have
  app.get('/c', async () => success({ ...drama, secret: 'x' }), one);
  // @ts-expect-error another shape altogether
  app.get('/d', () => success<Liveness>({ live: true }), one);
  // @ts-expect-error a list for a single one
  app.get('/e', () => success([drama]), one);
  // @ts-expect-error a single one for a list
  app.get('/f', () => success(drama, page), list);
  // @ts-expect-error no meta where there must be one
  app.get('/g', () => success([drama]), list);
  // @ts-expect-error a meta where there is none
  app.get('/h', () => success(drama, page), one);
  // @ts-expect-error 200 where 201 is declared
  app.get('/i', () => success(drama), made);
  // @ts-expect-error 202 where 201 is declared
  app.get('/j', () => status(202, success(drama)), made);
  // @ts-expect-error 201 where 200 is declared
  app.get('/k', () => status(201, success(drama)), one);
  // @ts-expect-error the data of another shape, under the right status
  app.get('/l', () => status(201, success([drama])), made);
  // @ts-expect-error an answer where there is nothing to say
  app.get('/m', () => success(drama), nothing);
  // @ts-expect-error 204 where there is something to say
  app.get('/n', ({ set }) => done({ set }), one);
  // @ts-expect-error "not here yet" where that is not declared
  app.get('/o', () => notYet, one);
  // @ts-expect-error no envelope
  app.get('/p', () => drama, one);
  // @ts-expect-error an envelope that nobody has typed
  app.get('/q', () => ({ status: 'success', data: drama }), one);
  // @ts-expect-error nothing is returned
  app.get('/r', () => undefined, one);
  // @ts-expect-error the ready body of another list
  app.get('/s', (exchange) => sendReady(exchange, actorsBody), ready);
  // @ts-expect-error bytes of which nobody says what is in them
  app.get('/t', () => genresBody.bytes, ready);
  // @ts-expect-error one event is no stream of them
  app.get('/u', () => success(drama), events);
  expect(app.routes).toHaveLength(21);
});

test('a ready body is of what its statement selects', () => {
  const asked = { key: '', staleAfterMs: 1, metaOf: () => ({}) };
  const bodies = (lists: ListReads, statement: Statement<ListReading<Genre>>) => {
    const genres: Promise<ReadyBody<Genre[], MirrorMeta>> = lists({ ...asked, statement });
    // @ts-expect-error it selects genres
    const actors: Promise<ReadyBody<Actor[], MirrorMeta>> = lists({ ...asked, statement });
    return [genres, actors];
  };
  // @ts-expect-error text of which nobody says what is in it
  const untold: ReadyBody<Genre[], object> = readyBody('[]', 0, {});
  // @ts-expect-error another meta than the body is given
  const paged: ReadyBody<Genre[], PageMeta> = readyBody(jsonText<Genre[]>('[]'), 0, { page: 1 });
  expect([bodies.length, untold.etag === paged.etag]).toEqual([2, true]);
});

test('none of it costs anything when the program runs: answers are not checked again', () => {
  expect(Object.keys(one)).toEqual(['detail']);
  expect(Object.keys(body).sort()).toEqual(['body', 'detail']);
});

test('no route makes a Response by hand, of which the compiler would know nothing', async () => {
  const root = new URL('../../', import.meta.url).pathname;
  const described: string[] = [];
  for (const file of new Bun.Glob('**/routes.ts').scanSync(root)) {
    const source = await Bun.file(root + file).text();
    // Pictures, the console and the like are no JSON, and stand in no description.
    if (!source.includes('describeRoute(')) continue;
    described.push(file);
    expect({ file, byHand: /\bnew Response\(|\bResponse\.json\(/.test(source) }).toEqual({
      file,
      byHand: false,
    });
  }
  expect(described.length).toBeGreaterThan(10);
});
