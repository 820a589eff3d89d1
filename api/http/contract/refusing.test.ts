import { expect, test } from 'bun:test';
import { Elysia } from 'elysia';
import { z } from 'zod';
import { describeRoute } from './describe-route.ts';
import { describeSchema } from './describe-schema.ts';

test('a body that is refused is looked at once, and its complaints are ours at once', async () => {
  let looks = 0;
  const Body = z.strictObject({
    items: z.array(
      z.string('must be text').refine(() => {
        looks += 1;
        return false;
      }, 'is wrong'),
    ),
  });
  describeSchema(Body, { example: { items: ['a'] } });
  const seen: unknown[] = [];
  const app = new Elysia()
    .onError(({ error }) => {
      seen.push(error);
      return 'refused';
    })
    .post(
      '/',
      () => new Response(),
      describeRoute({ tag: 'About', summary: 'Of this test', body: Body, failures: [422] }),
    );
  const post = (body: unknown) =>
    app.handle(
      new Request('http://nexus.test/', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    );
  await post({ items: ['a', 'b'] });
  expect(looks).toBe(2);
  await post([]);
  expect(seen).toMatchObject([
    {
      code: 'invalid_input',
      details: [
        { path: 'items.0', message: 'is wrong' },
        { path: 'items.1', message: 'is wrong' },
      ],
    },
    { code: 'invalid_input', details: [{ path: 'body' }] },
  ]);
});
