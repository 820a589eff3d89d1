import { expect, test } from 'bun:test';
import { createFairLane } from './fair-lane.ts';

const refusal = () => new Error('full');

/** Work that ends when it is told to, in a lane for one with four places. */
function openLane() {
  const lane = createFairLane({ lanes: 1, maxWaiting: 4, refusal });
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const refused: string[] = [];
  const ask = (caller: string, name = caller) => {
    const work = () =>
      new Promise<void>((resolve) => {
        begun.push(name);
        ends.push(resolve);
      });
    return lane.run(caller, work).catch((error: Error) => {
      expect(error.message).toBe('full');
      refused.push(name);
    });
  };
  const endOne = async () => {
    ends.shift()?.();
    await Bun.sleep(0);
  };
  return { ask, begun, refused, endOne };
}

test('callers take turns, however much one asks', async () => {
  const { ask, begun, endOne } = openLane();
  for (const name of ['a1', 'a2', 'a3']) void ask('a', name);
  void ask('b', 'b1');
  void ask('c', 'c1');
  for (let i = 0; i < 5; i++) await endOne();
  expect(begun).toEqual(['a1', 'a2', 'b1', 'c1', 'a3']);
});

test('a newcomer gets a place of whoever holds most, and the others keep theirs', async () => {
  const { ask, begun, refused, endOne } = openLane();
  for (let i = 0; i < 7; i++) void ask('flood', `flood${i}`);
  await Bun.sleep(0);
  expect(refused).toEqual(['flood5', 'flood6']);
  for (const name of ['b', 'c', 'd', 'e']) void ask(name);
  await Bun.sleep(0);
  // Nobody gives a place to somebody with as many.
  expect(refused).toEqual(['flood5', 'flood6', 'flood4', 'flood3', 'flood2', 'e']);
  for (let i = 0; i < 5; i++) await endOne();
  expect(begun).toEqual(['flood0', 'flood1', 'b', 'c', 'd']);
});

test('the lane goes on after work that fails, and takes what comes at once when nobody waits', async () => {
  const lane = createFairLane({ lanes: 2, maxWaiting: 1, refusal });
  for (let i = 0; i < 5; i++)
    expect(lane.run('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await Bun.sleep(0);
  expect(await lane.run('a', async () => 'yes')).toBe('yes');
});
