import { expect, test } from 'bun:test';
import { holdClock } from '#tests/support/held-clock.ts';
import { createLocalWindow } from './local-window.ts';
import { planRate } from './rate-plan.ts';

const clock = holdClock();
const many = { slots: 1000, onDemand: 1000, sync: 1000 };

test('those on demand are served first, up to half; the rest is for everybody else', async () => {
  const window = createLocalWindow(planRate(40));
  expect(await window.take(many)).toMatchObject({ onDemand: 20, sync: 20 });
  const { waitMs, ...none } = await window.take(many);
  expect(none).toEqual({ onDemand: 0, sync: 0 });
  expect(waitMs).toBeGreaterThan(900);
  expect(waitMs).toBeLessThan(1010);
});

test('with nobody else those on demand have half and no more', async () => {
  const window = createLocalWindow(planRate(40));
  const { waitMs, ...taken } = await window.take({ ...many, sync: 0 });
  expect(taken).toEqual({ onDemand: 20, sync: 0 });
  expect(waitMs).toBeGreaterThan(900);
});

test('with nobody on demand the others have all', async () => {
  const window = createLocalWindow(planRate(40));
  expect(await window.take({ ...many, onDemand: 0 })).toMatchObject({ onDemand: 0, sync: 40 });
});

test('what is given back can be taken again', async () => {
  const window = createLocalWindow(planRate(10));
  expect(await window.take(many)).toMatchObject({ onDemand: 5, sync: 5 });
  window.settle({ onDemand: 2, sync: 3 });
  expect(await window.take({ ...many, onDemand: 1 })).toMatchObject({ onDemand: 1, sync: 4 });
});

test('at one a second those on demand have one in two', async () => {
  const window = createLocalWindow(planRate(1));
  expect(await window.take({ ...many, sync: 0 })).toMatchObject({ onDemand: 1 });
  window.ended?.({ onDemand: true });
  clock.pass(1010);
  expect(await window.take(many)).toMatchObject({ onDemand: 0, sync: 1 });
});

test('a call that is under way keeps its slot, and no other one', async () => {
  const window = createLocalWindow(planRate(2));
  const one = { slots: 1, onDemand: 0, sync: 1 };
  await window.take(one);
  await window.take(one);
  window.ended?.({ onDemand: false });
  clock.pass(1020);
  expect(await window.take(one)).toMatchObject({ sync: 1 });
  expect(await window.take(one)).toMatchObject({ onDemand: 0, sync: 0 });
  window.ended?.({ onDemand: false });
  window.ended?.({ onDemand: false });
  expect(await window.take(one)).toMatchObject({ onDemand: 0, sync: 0 });
});
