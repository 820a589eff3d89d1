import { expect, test } from 'bun:test';
import { Registry } from 'prom-client';
import { createUsage } from '../facade/wire/usage.ts';
import { readKeyUsage, usageMetric } from './key-usage.ts';

test('what was counted is read back, by key and route', async () => {
  const registry = new Registry();
  const count = createUsage(registry);
  const odd = 'a "kitchen" \\ box\nand more}';
  for (const route of ['movie/:id', 'search/movie', 'search/movie']) count(odd, route);
  count('(none)', '*');
  expect(readKeyUsage(await registry.getSingleMetricAsString(usageMetric))).toEqual([
    { key: '(none)', route: '*', requests: 1 },
    { key: odd, route: 'search/movie', requests: 2 },
    { key: odd, route: 'movie/:id', requests: 1 },
  ]);
  expect(readKeyUsage('')).toEqual([]);
});
