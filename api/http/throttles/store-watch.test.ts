import { expect, test } from 'bun:test';
import { until } from '#tests/support/until.ts';
import { createStoreWatch } from './store-watch.ts';

test('a silent store is asked by one at a time, and by all again once it has answered', async () => {
  const ask = createStoreWatch({ answerMs: 50, pauseMs: 300 });
  let asked = 0;
  let silent = true;
  const question = () => {
    asked += 1;
    return silent ? new Promise<string>(() => {}) : Promise.resolve('here');
  };
  const ten = () => Promise.allSettled(Array.from({ length: 10 }, () => ask(question)));
  const fulfilled = async () => (await ten()).filter(({ status }) => status === 'fulfilled').length;

  expect([await fulfilled(), asked]).toEqual([0, 10]);
  expect([await fulfilled(), asked]).toEqual([0, 10]);
  await until(async () => (await fulfilled()) === 0 && asked > 10);
  expect(asked).toBe(11);
  silent = false;
  await until(async () => (await fulfilled()) === 10);
});

test('a store that fails is there, and is asked again at once', async () => {
  const ask = createStoreWatch({ answerMs: 50, pauseMs: 60_000 });
  await expect(ask(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  expect(await ask(async () => 'here')).toBe('here');
});
