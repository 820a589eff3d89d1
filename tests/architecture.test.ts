import { describe, expect, test } from 'bun:test';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const layers = [
  'api',
  'worker',
  'shared',
  'migrations',
  'sandbox',
  'scripts',
  'bench',
  'client',
  'tests',
] as const;
type Layer = (typeof layers)[number];

/** What may talk to what. Tests (`*.test.ts`, `tests/`) stand outside and may import anything. */
const mayImport: Record<Layer, readonly Layer[]> = {
  api: ['api', 'shared'],
  worker: ['worker', 'shared'],
  shared: ['shared'],
  migrations: ['migrations'],
  sandbox: ['sandbox'],
  // Frontends take it along: nothing of the server's is in it.
  client: ['client'],
  scripts: layers,
  bench: layers,
  tests: layers,
};

interface Import {
  from: string;
  to: string;
}

const transpiler = new Bun.Transpiler({ loader: 'ts' });

async function importsOf(file: string): Promise<Import[]> {
  const source = await Bun.file(join(root, file)).text();
  // The transpiler drops what is only a type; an arrow of types is an arrow all the same.
  const typeImports = [...source.matchAll(/(?:import|export)\s+type[^;]*?from\s+'([^']+)'/g)].map(
    (match) => match[1],
  );
  const paths = [...transpiler.scanImports(source).map((found) => found.path), ...typeImports];
  return paths.flatMap((path) => (path === undefined ? [] : [{ from: file, to: resolved(file, path) }]));
}

function resolved(file: string, path: string): string {
  if (path.startsWith('#')) return path.slice(1);
  if (path.startsWith('.')) return normalize(join(dirname(file), path));
  return path;
}

const files = [...new Bun.Glob(`{${layers.join(',')}}/**/*.ts`).scanSync({ cwd: root })].map((file) =>
  relative(root, join(root, file)),
);

const layerOf = (path: string): Layer | undefined => layers.find((layer) => path.startsWith(`${layer}/`));
const isTest = (file: string) =>
  file.startsWith('tests/') || file.endsWith('.test.ts') || file.includes('-fixture');

/** What runs for users: the tests, benches and scripts around it are not. */
const isOfProduct = (file: string) => ['api', 'worker', 'shared'].some((layer) => layerOf(file) === layer);

/** Started by a thread or a tool, and imported by nobody. */
const entryPoints = [
  'api/one-process.ts',
  'worker/recommendations/neighbours-thread.ts',
  'shared/orm/cli-config.ts',
];

const imports = (await Promise.all(files.map(importsOf))).flat();
const production = imports.filter(({ from, to }) => !isTest(from) && layerOf(to) !== undefined);

/** Groups that can reach each other along the arrows (Tarjan's strongly connected components of two or more). */
function circlesOf(arrows: readonly Import[]): string[][] {
  const next = Map.groupBy(arrows, ({ from }) => from);
  const reached = new Map<string, { order: number; low: number; open: boolean }>();
  const open: string[] = [];
  const circles: string[][] = [];
  const visit = (name: string) => {
    const mine = { order: reached.size, low: reached.size, open: true };
    reached.set(name, mine);
    open.push(name);
    for (const { to } of next.get(name) ?? []) {
      const seen = reached.get(to) ?? visit(to);
      if (seen.open) mine.low = Math.min(mine.low, seen.low);
    }
    if (mine.low < mine.order) return mine;
    const circle = open.splice(open.indexOf(name));
    for (const member of circle) (reached.get(member) ?? mine).open = false;
    if (circle.length > 1) circles.push(circle.sort());
    return mine;
  };
  for (const name of next.keys()) if (!reached.has(name)) visit(name);
  return circles;
}

describe('the plan of the house', () => {
  test('no arrow points the wrong way', () => {
    const wrong = imports.filter(({ from, to }) => {
      const [source, target] = [layerOf(from), layerOf(to)];
      return source && target && !isTest(from) && !mayImport[source].includes(target);
    });
    expect(wrong).toEqual([]);
  });

  test('an import across layers is written with #', async () => {
    const relatives = imports.filter(({ from, to }) => {
      const [source, target] = [layerOf(from), layerOf(to)];
      return source && target && source !== target && !isTest(from);
    });
    for (const { from, to } of relatives) expect(await Bun.file(join(root, from)).text()).toContain(`#${to}`);
  });

  test('only the TMDb client knows TMDb’s address, token and limiter', async () => {
    const users = imports.filter(({ to }) => ['bottleneck', 'p-retry'].includes(to) && !isTest(to));
    expect(users.filter(({ from }) => !from.startsWith('worker/tmdb/'))).toEqual([]);
  });

  test('SQL is written with one tag', async () => {
    const users = imports.filter(({ to }) => ['kysely', 'sql-template-tag'].includes(to));
    expect(users.filter(({ from }) => !from.startsWith('shared/db/'))).toEqual([]);
  });

  test('only one file chooses between Redis and PostgreSQL for the queues', () => {
    const choosers = imports.filter(
      ({ from, to }) => to === 'bullmq' && from.startsWith('shared/') && !isTest(from),
    );
    expect(new Set(choosers.map(({ from }) => from))).toEqual(
      // The last knows only the shape of what a queue takes for traces.
      new Set(['shared/queues/queue.ts', 'shared/orm/database.ts', 'shared/tracing/tracing.ts']),
    );
  });

  test('rooms of a layer do not import each other in circles', () => {
    for (const layer of ['api', 'worker', 'shared', 'sandbox'] as const) {
      const between = production
        .filter(({ from, to }) => layerOf(from) === layer && layerOf(to) === layer)
        .map(({ from, to }) => ({ from: dirname(from), to: dirname(to) }));
      expect(circlesOf(between)).toEqual([]);
    }
  });

  test('no files import each other in a circle', () => {
    expect(circlesOf(production)).toEqual([]);
  });

  test('what only tests use stands with the tests', async () => {
    const used = new Set(production.filter(({ from }) => layerOf(from) !== 'bench').map(({ to }) => to));
    const unused = files.filter((file) => isOfProduct(file) && !isTest(file) && !used.has(file));
    expect(unused.sort()).toEqual([...entryPoints].sort());
  });

  test('every import of our own leads to a file', async () => {
    for (const { from, to } of imports.filter(({ to }) => layerOf(to)))
      expect({ from, to, exists: await Bun.file(join(root, to)).exists() }).toEqual({
        from,
        to,
        exists: true,
      });
  });
});
