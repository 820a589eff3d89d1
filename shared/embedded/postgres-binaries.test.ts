import { expect, test } from 'bun:test';
import { chmod, mkdir, mkdtemp, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linkLibraries } from './postgres-binaries.ts';

test('library links an install left out are made, and right ones need no right to write', async () => {
  const root = await mkdtemp(join(tmpdir(), 'nexus-test-'));
  const native = join(root, 'native');
  const lib = join(native, 'lib');
  try {
    await mkdir(lib, { recursive: true });
    await writeFile(join(lib, 'libpq.so.5.18'), '');
    const links = [
      { source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' },
      { source: 'native/lib/libpq.so.5.18', target: '../elsewhere' },
    ];
    await writeFile(join(native, 'pg-symlinks.json'), JSON.stringify(links));
    await Promise.all([linkLibraries(native), linkLibraries(native)]);
    expect(await readlink(join(lib, 'libpq.so.5'))).toBe('libpq.so.5.18');
    await chmod(lib, 0o500);
    await linkLibraries(native);
  } finally {
    await chmod(lib, 0o700);
    await rm(root, { recursive: true, force: true });
  }
});
