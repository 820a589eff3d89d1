import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readArguments } from '#shared/read-arguments.ts';
import { typesOfDescription } from './client/types-of-description.ts';

const { values } = readArguments({
  usage: `Usage: npm run client -- [--check]

Writes client/schema.ts and client/dist from docs/openapi.json.
--check  writes nothing, and fails if they differ`,
  options: { check: { type: 'boolean', default: false } },
});

/**
 * Writes client/schema.ts from docs/openapi.json, and client/dist, which is what frontends install, from the client's
 * sources. With `--check`, fails where they are not what those say.
 */
const pathOf = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const types = typesOfDescription(await Bun.file(pathOf('docs/openapi.json')).json());
const schema = Bun.file(pathOf('client/schema.ts'));
const dist = pathOf('client/dist');

if (values.check) {
  const folder = await mkdtemp(join(tmpdir(), 'nexus-client-'));
  try {
    const isSame = (await schema.text().catch(() => '')) === types;
    if (!isSame) fail('client/schema.ts is not what docs/openapi.json says: run `npm run client`.');
    await build(folder);
    if (!Bun.deepEquals(await filesOf(folder), await filesOf(dist).catch(() => ({}))))
      fail('client/dist is not what the client’s sources say: run `npm run client`.');
  } finally {
    await rm(folder, { recursive: true });
  }
} else {
  await schema.write(types);
  await rm(dist, { recursive: true, force: true });
  await build(dist);
  console.log('Wrote client/schema.ts and client/dist');
}

async function build(folder: string): Promise<void> {
  const tsc = Bun.spawn(
    [process.execPath, 'x', 'tsc', '-p', pathOf('client/tsconfig.json'), '--outDir', folder],
    { cwd: pathOf('.'), stdout: 'inherit', stderr: 'inherit' },
  );
  if ((await tsc.exited) !== 0) fail('the client does not compile.');
  // The compiler renames what is imported in code, but not in declarations.
  for (const [name, text] of Object.entries(await filesOf(folder)))
    if (name.endsWith('.d.ts'))
      await Bun.write(join(folder, name), text.replaceAll(/(from '\.\/[\w-]+)\.ts'/g, "$1.js'"));
}

async function filesOf(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).sort();
  const read = async (name: string) => [name, await Bun.file(join(folder, name)).text()] as const;
  return Object.fromEntries(await Promise.all(names.map(read)));
}

function fail(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}
