import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import packageJson from '../package.json';
import { openService, type Service } from './support/service.ts';
import { until } from './support/until.ts';

let service: Service;
beforeAll(async () => {
  service = await openService();
  await service.get('/api/movies/trending');
  // What workers counted is written down every ten seconds.
  await until(async () => (await samples()).some(({ name }) => name === 'nexus_tmdb_requests_total'), 40_000);
}, 90_000);
afterAll(() => service[Symbol.asyncDispose]());

interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const line =
  /^([a-zA-Z_:][\w:]*)(?:\{((?:\w+="(?:[^"\\]|\\.)*",?)*)\})? (NaN|[+-]?Inf|[-+]?[\d.]+(?:e[-+]?\d+)?)$/;

/** Prometheus' text format, strictly: whatever is neither a comment nor a sample fails. */
function parsed(text: string): Sample[] {
  const lines = text.split('\n').filter((each) => each !== '' && !each.startsWith('#'));
  return lines.map((each) => {
    const found = line.exec(each);
    if (found === null) throw new Error(`no sample: ${each}`);
    const [, name = '', labels = '', value = ''] = found;
    return {
      name,
      labels: Object.fromEntries(
        [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, of]) => [key, of]),
      ),
      value: Number(value),
    };
  });
}

const samples = async () => parsed(await (await service.get('/metrics')).text());
const sampleOf = (all: Sample[], name: string, labels: Record<string, string> = {}) =>
  all.find(
    (each) =>
      each.name === name && Object.entries(labels).every(([key, value]) => each.labels[key] === value),
  )?.value;

const operations = (name: string) => fileURLToPath(new URL(`../docs/operations/${name}`, import.meta.url));
const Rules = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.strictObject({
          alert: z.string(),
          expr: z.string(),
          for: z.string().regex(/^\d+[smh]$/),
          labels: z.object({ severity: z.enum(['warning', 'critical']) }),
          annotations: z.object({
            summary: z.string(),
            description: z.string(),
            runbook: z.string().regex(/^incidents\.md#[\w-]+$/),
          }),
        }),
      ),
    }),
  ),
});
const Dashboard = z.object({
  panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })).min(1) })),
});

const rules = async () => {
  const text = await Bun.file(operations('alerts.yml')).text();
  return Rules.parse(parse(text)).groups.flatMap((group) => group.rules);
};
const panels = async () =>
  Dashboard.parse(await Bun.file(operations('grafana-dashboard.json')).json()).panels;

/** What an expression selects: names with the labels that are compared. */
function selectorsOf(expr: string): { name: string; labels: string[] }[] {
  return [...expr.matchAll(/\b((?:nexus|process|nodejs)_\w+)(?:\{([^}]*)\})?/g)].map(
    ([, name = '', inner = '']) => ({
      name,
      labels: [...inner.matchAll(/(\w+) *[=!]/g)].map(([, label = '']) => label),
    }),
  );
}

describe('what Prometheus is told', () => {
  test('is in its own format, open, and kept by nobody', async () => {
    const answer = await service.get('/metrics');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toStartWith('text/plain');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(parsed(await answer.text()).length).toBeGreaterThan(100);
  });

  test('has no label that Prometheus gives to whom it scrapes', async () => {
    const labels = new Set((await samples()).flatMap((each) => Object.keys(each.labels)));
    expect([...labels].filter((label) => ['job', 'instance'].includes(label))).toEqual([]);
  });

  test('says which version runs, and what an operator must act on', async () => {
    expect(
      sampleOf(await samples(), 'nexus_build_info', { version: packageJson.version, bun: Bun.version }),
    ).toBe(1);
    const stopped = (circuit: string) =>
      service.rows('update upstream set circuit = $1, opened_at = now()', circuit);
    const isTold = async () =>
      sampleOf(await samples(), 'nexus_notices', { code: 'tmdb_key_rejected' }) === 1;
    await stopped('stopped');
    await until(isTold, 30_000);
    await stopped('closed');
    await until(async () => !(await isTold()), 30_000);
  });

  test('has each answer by route and status, and one place for all that is unknown', async () => {
    const route = '/api/movies/:tmdb_movie_id';
    const count = async (labels: Record<string, string>) =>
      sampleOf(await samples(), 'nexus_http_requests_total', labels) ?? 0;
    const before = await count({ route, status: '200' });
    for (let i = 0; i < 3; i++) expect((await service.get('/api/movies/550')).status).toBe(200);
    await until(async () => (await count({ route, status: '200' })) === before + 3);
    await service.get('/api/movies/abc');
    await until(async () => (await count({ route, status: '422' })) === 1);

    const size = (await samples()).length;
    for (let i = 0; i < 200; i++) await service.get(`/nothing/${i}/${crypto.randomUUID()}`);
    await until(async () => (await count({ route: '(none)', method: 'GET', status: '404' })) === 200);
    expect((await samples()).length).toBeLessThan(size + 40);
  });

  test('has how long answers and jobs took, in buckets from the narrowest to the widest that add up', async () => {
    const all = await samples();
    for (const [name, series, bounds] of [
      ['nexus_http_request_duration_seconds', { method: 'GET', route: '/api/movies/trending' }, 13],
      ['nexus_job_duration_seconds', { job_name: 'genres' }, 11],
      ['nexus_job_duration_seconds', { job_name: 'details' }, 11],
    ] as const) {
      const of = (each: Sample) => Bun.deepEquals({ ...each.labels, le: '' }, { ...series, le: '' });
      const buckets = all.filter((each) => each.name === `${name}_bucket` && of(each));
      const widths = buckets.map(({ labels }) => Number(labels.le?.replace('+Inf', 'Infinity')));
      expect(widths).toHaveLength(bounds);
      expect(widths).toEqual([...widths].sort((a, b) => a - b));
      const counts = buckets.map(({ value }) => value);
      expect(counts).toEqual([...counts].sort((a, b) => a - b));
      expect(counts.at(-1)).toBe(sampleOf(all.filter(of), `${name}_count`) ?? -1);
      expect(counts.at(-1)).toBeGreaterThan(0);
    }
  });

  test('has what the workers did, what the mirror holds and who lives', async () => {
    const all = await samples();
    expect(sampleOf(all, 'nexus_jobs_total', { job_name: 'details', outcome: 'done' })).toBeGreaterThan(0);
    expect(
      sampleOf(all, 'nexus_tmdb_requests_total', { endpoint: '/movie/{id}', status: '200' }),
    ).toBeGreaterThan(50);
    expect(sampleOf(all, 'nexus_mirror_movies', { state: 'detailed' })).toBeGreaterThan(50);
    for (const kind of ['person', 'collection', 'company'])
      expect(sampleOf(all, 'nexus_mirror_records', { kind })).toBe(0);
    expect(sampleOf(all, 'nexus_tmdb_circuit', { state: 'closed' })).toBe(1);
    expect(sampleOf(all, 'nexus_workers')).toBe(1);
    expect(sampleOf(all, 'nexus_up', { store: 'queue' })).toBe(1);
  });

  test('every metric and label of the alert rules and the dashboard is there', async () => {
    const known = new Map<string, Set<string>>();
    for (const { name, labels } of await samples())
      known.set(name, new Set([...(known.get(name) ?? []), ...Object.keys(labels)]));
    const exprs = [...(await rules()), ...(await panels()).flatMap(({ targets }) => targets)].map(
      ({ expr }) => expr,
    );
    const selectors = exprs.flatMap(selectorsOf);
    expect(selectors.length).toBeGreaterThan(40);
    const missing = selectors.filter(
      ({ name, labels }) => !labels.every((label) => known.get(name)?.has(label)) || !known.has(name),
    );
    expect(missing).toEqual([]);
  });

  test('rules and panels add up requests alone: the rest is each process’s own, or the same through every one', async () => {
    const exprs = [...(await rules()), ...(await panels()).flatMap(({ targets }) => targets)];
    const summed = exprs.flatMap(({ expr }) =>
      [...expr.matchAll(/\bsum *(?:by *\([^)]*\))? *\((?:rate\()?(nexus_\w+)/g)].map(([, name = '']) => name),
    );
    expect(summed).toContain('nexus_http_requests_total');
    expect(summed.filter((name) => !name.startsWith('nexus_http_'))).toEqual([]);
  });

  test('every rule’s runbook is written', async () => {
    const text = await Bun.file(operations('incidents.md')).text();
    const anchors = new Set([...text.matchAll(/^## ([\w-]+)$/gm)].map(([, id]) => id));
    for (const { annotations } of await rules()) expect(anchors).toContain(annotations.runbook.split('#')[1]);
  });
});
