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

async function allImports(): Promise<Import[]> {
  const files = [...new Bun.Glob(`{${layers.join(',')}}/**/*.ts`).scanSync({ cwd: root })].map((file) =>
    relative(root, join(root, file)),
  );
  return (await Promise.all(files.map(importsOf))).flat();
}

const layerOf = (path: string): Layer | undefined => layers.find((layer) => path.startsWith(`${layer}/`));
const isTest = (file: string) =>
  file.startsWith('tests/') || file.endsWith('.test.ts') || file.includes('-fixture');

const imports = await allImports();

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

  test('only one file chooses between Redis and PostgreSQL for the queues', () => {
    const choosers = imports.filter(
      ({ from, to }) => to === 'bullmq' && from.startsWith('shared/') && !isTest(from),
    );
    expect(new Set(choosers.map(({ from }) => from))).toEqual(
      // The last knows only the shape of what a queue takes for traces.
      new Set(['shared/queues/queue.ts', 'shared/orm/database.ts', 'shared/tracing/tracing.ts']),
    );
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
