import { readFile, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { errorCodeOf } from './error-code.ts';

export interface PostgresBinaries {
  initdb: string;
  pgCtl: string;
  postgres: string;
  /** The major version, which a cluster's files are bound to. */
  major: string;
}

/** Finds the binaries of this platform's package, and makes its library links if the install step did not. */
export const findPostgresBinaries = async (): Promise<PostgresBinaries> => {
  const root = join(dirname(resolvePackage(`@embedded-postgres/${process.platform}-${process.arch}`)), '..');
  const native = join(root, 'native');
  await linkLibraries(native);
  const bin = join(native, 'bin');
  const { version }: { version?: unknown } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const major = String(version).split('.')[0] ?? '';
  return { initdb: join(bin, 'initdb'), pgCtl: join(bin, 'pg_ctl'), postgres: join(bin, 'postgres'), major };
};

/** The platform package is a dependency of `embedded-postgres`, so it need not be visible from here. */
const resolvePackage = (name: string): string => {
  const here = import.meta.dir;
  for (const from of [() => here, () => dirname(Bun.resolveSync('embedded-postgres', here))]) {
    try {
      return Bun.resolveSync(name, from());
    } catch {
      // Tried from the next place.
    }
  }
  throw new EmbeddedPostgresError(
    `There is no embedded PostgreSQL for this machine (${name} is not installed). Run "bun install", or set DATABASE_URL.`,
  );
};

/** `pg-symlinks.json` lists the links an npm archive cannot carry. Links that are right are left alone. */
export const linkLibraries = async (native: string): Promise<void> => {
  const list: unknown = JSON.parse(
    await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]'),
  );
  for (const { source, target } of Array.isArray(list) ? list.filter(isLink) : []) {
    const path = join(native, '..', target);
    if (await stat(path).catch(() => undefined)) continue;
    try {
      await symlink(basename(source), path);
    } catch (error) {
      if (errorCodeOf(error) === 'EEXIST') continue;
      throw new EmbeddedPostgresError(`PostgreSQL's library link ${path} is missing and cannot be made.`, {
        cause: error,
      });
    }
  }
};

const isLink = (value: unknown): value is { source: string; target: string } =>
  typeof value === 'object' &&
  value !== null &&
  'source' in value &&
  typeof value.source === 'string' &&
  'target' in value &&
  typeof value.target === 'string' &&
  dirname(value.source) === dirname(value.target);
