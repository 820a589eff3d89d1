import { afterEach, describe, expect, test } from 'bun:test';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DataFolderError,
  DataFolderLockedError,
  lockDataFolder,
  prepareDataFolder,
  readOrCreateSecret,
} from './data-folder.ts';

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

const folders: string[] = [];
const temporary = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'nexus-test-'));
  folders.push(folder);
  return folder;
};
afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

const spawnBun = (code: string) =>
  Bun.spawn([process.execPath, '-e', code], { stdin: 'ignore', stdout: 'pipe', stderr: 'inherit' });

const module = JSON.stringify(join(import.meta.dir, 'data-folder.ts'));

describe('a data folder', () => {
  test('is made for its owner only', async () => {
    const folder = await prepareDataFolder(join(await temporary(), 'deep', '.nexus'));
    expect(folder).toStartWith('/');
    expect(await modeOf(folder)).toBe(0o700);
  });

  test('that was open to others is closed', async () => {
    const folder = join(await temporary(), '.nexus');
    await mkdir(folder, { mode: 0o755 });
    await prepareDataFolder(folder);
    expect(await modeOf(folder)).toBe(0o700);
  });

  test('has one name, whatever link leads to it', async () => {
    const parent = await temporary();
    const folder = await prepareDataFolder(join(parent, 'real'));
    await symlink(folder, join(parent, 'link'));
    expect(await prepareDataFolder(join(parent, 'link'))).toBe(folder);
  });

  test('may not be one that other programs share', async () => {
    const shared = await temporary();
    await chmod(shared, 0o1777);
    await expect(prepareDataFolder(shared)).rejects.toThrow('a folder of its own');
    expect(await modeOf(shared)).toBe(0o777);
    await expect(prepareDataFolder('/')).rejects.toThrow(DataFolderError);
  });

  test('may not be a file', async () => {
    const file = join(await temporary(), 'file');
    await writeFile(file, '');
    await expect(prepareDataFolder(file)).rejects.toThrow(DataFolderError);
  });
});

describe('a secret', () => {
  test('is made once, in a file for its owner only', async () => {
    const folder = await temporary();
    expect(await readOrCreateSecret(folder, 'jwt-secret', () => 'first')).toBe('first');
    expect(await readOrCreateSecret(folder, 'jwt-secret', () => 'second')).toBe('first');
    expect(await modeOf(join(folder, 'jwt-secret'))).toBe(0o600);
    expect(await readdir(folder)).toEqual(['jwt-secret']);
  });

  test('is agreed on by processes that make it at the same moment', async () => {
    const folder = await temporary();
    const dir = JSON.stringify(folder);
    const code = `const { readOrCreateSecret } = await import(${module});
      console.log(await readOrCreateSecret(${dir}, 'jwt-secret', () => crypto.randomUUID()));`;
    const children = Array.from({ length: 5 }, () => spawnBun(code));
    const here = Array.from({ length: 10 }, () =>
      readOrCreateSecret(folder, 'jwt-secret', () => crypto.randomUUID()),
    );
    const seen = await Promise.all([
      ...here,
      ...children.map(async (it) => (await new Response(it.stdout).text()).trim()),
    ]);
    expect(new Set(seen).size).toBe(1);
    expect(seen[0]).toBe(await readFile(join(folder, 'jwt-secret'), 'utf8'));
  });

  test('that others may read is closed, and an empty one is refused', async () => {
    const folder = await temporary();
    await writeFile(join(folder, 'open'), 'kept\n', { mode: 0o644 });
    await writeFile(join(folder, 'empty'), '');
    expect(await readOrCreateSecret(folder, 'open', () => 'new')).toBe('kept');
    expect(await modeOf(join(folder, 'open'))).toBe(0o600);
    await expect(readOrCreateSecret(folder, 'empty', () => 'new')).rejects.toThrow(DataFolderError);
  });

  test('cannot be kept outside the folder', async () => {
    await expect(readOrCreateSecret(await temporary(), '../elsewhere', () => 'x')).rejects.toThrow(
      DataFolderError,
    );
  });
});

describe('the lock of a data folder', () => {
  const holdLock = async (folder: string) => {
    const child = spawnBun(`const { lockDataFolder } = await import(${module});
      globalThis.lock = await lockDataFolder(${JSON.stringify(folder)}, 'start');
      console.log('held'); setInterval(() => Bun.gc(true), 50);`);
    await child.stdout.getReader().read();
    return child;
  };

  test('is refused to a second process, and freed by kill -9 of the first', async () => {
    const folder = await temporary();
    const child = await holdLock(folder);
    try {
      const refusal = await lockDataFolder(folder, 'start').catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(DataFolderLockedError);
      expect(String(refusal)).toContain(
        `${folder} (start, process ${child.pid}). Stop it, or set NEXUS_DATA_DIR`,
      );
    } finally {
      child.kill('SIGKILL');
      await child.exited;
    }
    await using lock = await lockDataFolder(folder, 'start');
    expect(lock).toBeDefined();
  });

  test('is refused a second time within one process, until it is released', async () => {
    const folder = await temporary();
    const first = await lockDataFolder(folder, 'start');
    await expect(lockDataFolder(folder, 'start')).rejects.toThrow(DataFolderLockedError);
    await expect(lockDataFolder(join(folder, '..', folder.split('/').at(-1) ?? ''), 'x')).rejects.toThrow(
      DataFolderLockedError,
    );
    await first.release();
    await first.release();
    await (await lockDataFolder(folder, 'start')).release();
  });

  test('outlasts a refused attempt: the refusal does not give it away', async () => {
    const folder = await temporary();
    await using _lock = await lockDataFolder(folder, 'start');
    await lockDataFolder(folder, 'start').catch(() => undefined);
    const child = spawnBun(`const { lockDataFolder } = await import(${module});
      console.log(await lockDataFolder(${JSON.stringify(folder)}, 'start').then(() => 'taken', (error) => error.name));`);
    expect((await new Response(child.stdout).text()).trim()).toBe('DataFolderLockedError');
  });

  test('is not inherited by the children of its holder', async () => {
    const folder = await temporary();
    const child = spawnBun(`const { lockDataFolder } = await import(${module});
      globalThis.lock = await lockDataFolder(${JSON.stringify(folder)}, 'start');
      const it = Bun.spawn(['sleep', '30'], { stdio: ['ignore', 'ignore', 'ignore'] });
      it.unref(); console.log(it.pid); setInterval(() => undefined, 1000);`);
    const { value } = await child.stdout.getReader().read();
    const grandchild = Number(new TextDecoder().decode(value));
    child.kill('SIGKILL');
    await child.exited;
    try {
      await (await lockDataFolder(folder, 'start')).release();
    } finally {
      process.kill(grandchild, 'SIGKILL');
    }
  });

  test('is not fooled by the note of a holder that is gone', async () => {
    const folder = await temporary();
    await writeFile(join(folder, 'nexus.lock.json'), JSON.stringify({ pid: process.pid, what: 'start' }));
    await (await lockDataFolder(folder, 'start')).release();
  });
});
