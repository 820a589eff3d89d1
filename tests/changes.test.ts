import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openService, type Service } from './support/service.ts';
import { until } from './support/until.ts';

let service: Service;
beforeAll(async () => {
  service = await openService();
});
afterAll(() => service[Symbol.asyncDispose]());

interface Answer {
  data: { title: string };
  meta: { stale: boolean };
}
const movie = async (id: number) => (await (await service.get(`/api/movies/${id}`)).json()) as Answer;

test('what TMDb changes is shown after a run of changes, again and again', async () => {
  const [held] = await service.rows(
    "select tmdb_id from movies where state = 'detailed' and scope = 1 order by tmdb_id limit 1",
  );
  const id = Number(held?.tmdb_id);
  for (const title of ['A First Name', 'A Second Name', 'A Third Name']) {
    expect((await movie(id)).data.title).not.toBe(title);
    service.sandbox.override(id, { title });
    expect(await service.sync('changes')).toMatchObject({ status: 'succeeded' });
    await until(async () => (await movie(id)).data.title === title);
    expect((await movie(id)).meta.stale).toBe(false);
  }
});

test('a movie that is known to have changed is stale to its readers until it is fetched again', async () => {
  const [held] = await service.rows(
    "select tmdb_id from movies where state = 'detailed' and scope = 1 order by tmdb_id desc limit 1",
  );
  const id = Number(held?.tmdb_id);
  expect((await movie(id)).meta.stale).toBe(false);
  // Neither `details` nor a reader gets it.
  service.sandbox.misbehave([{ kind: 'status-500', ids: [id] }]);
  service.sandbox.override(id, { title: 'Unseen' });
  await service.sync('changes');
  await until(async () => (await movie(id)).meta.stale);
  service.sandbox.misbehave([]);
});
