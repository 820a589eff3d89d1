import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

export const migrationsFolder = fileURLToPath(new URL('../migrations', import.meta.url));
/** Under which migrations stand that no version has released yet. */
export const unreleased = 'unreleased';

/** By version, and there by the migration's name: the SHA-256 of its file. */
const KeptMigrations = z.record(z.string(), z.record(z.string(), z.string()));
export type KeptMigrations = z.infer<typeof KeptMigrations>;

const listOf = (folder: string) => Bun.file(join(folder, 'checksums.json'));

export const readKeptMigrations = async (folder = migrationsFolder): Promise<KeptMigrations> =>
  KeptMigrations.parse(await listOf(folder).json());

export const writeKeptMigrations = (kept: KeptMigrations, folder = migrationsFolder): Promise<number> =>
  listOf(folder).write(`${JSON.stringify(kept, undefined, 2)}\n`);

/** How the files differ from the list: `added` are not in it yet; `changed` and `missing` must not be. */
export async function compareMigrations(folder = migrationsFolder) {
  const kept = Object.assign({}, ...Object.values(await readKeptMigrations(folder))) as Record<
    string,
    string
  >;
  const found = await readChecksums(folder);
  const names = Object.keys(kept).toSorted();
  return {
    added: Object.fromEntries(Object.entries(found).filter(([name]) => !(name in kept))),
    changed: names.filter((name) => name in found && found[name] !== kept[name]),
    missing: names.filter((name) => !(name in found)),
  };
}

async function readChecksums(folder: string): Promise<Record<string, string>> {
  const files = (await readdir(folder)).filter((file) => /^Migration.*\.ts$/.test(file)).toSorted();
  const sums = files.map(async (file): Promise<[string, string]> => {
    const bytes = await Bun.file(join(folder, file)).bytes();
    return [file.replace(/\.ts$/, ''), new Bun.CryptoHasher('sha256').update(bytes).digest('hex')];
  });
  return Object.fromEntries(await Promise.all(sums));
}
