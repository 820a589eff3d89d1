import { statfs } from 'node:fs/promises';
import { runCommand } from '#shared/embedded/run-command.ts';

/** A file system of its own, in memory, whose size follows from what it may hold. */
export interface SmallDisk extends AsyncDisposable {
  /** From now on there is no room for one more byte. */
  fill(): Promise<void>;
  /** There is room again. */
  makeRoom(): Promise<void>;
}

const roomyBytes = 3 * 1024 ** 3;
/** Somebody may write between the look and the change: then the change is refused. */
const tries = 20;

/** Mounts it on an empty folder. Only in a mount namespace of our own (`in-own-namespace.ts`). */
export async function openSmallDisk(path: string): Promise<SmallDisk> {
  const options = (bytes: number) => `size=${bytes},mode=0700`;
  await mount(['-t', 'tmpfs', '-o', options(roomyBytes), 'tmpfs', path]);
  const resize = (bytes: number) => mount(['-o', `remount,${options(bytes)}`, path]);
  return {
    async fill() {
      for (let left = tries; ; left--) {
        const { blocks, bfree, bsize } = await statfs(path);
        try {
          return await resize((blocks - bfree) * bsize);
        } catch (error) {
          if (left === 0) throw error;
        }
      }
    },
    makeRoom: () => resize(roomyBytes),
    async [Symbol.asyncDispose]() {
      await runCommand(['umount', '--lazy', path]);
    },
  };
}

async function mount(args: string[]): Promise<void> {
  const { ok, output } = await runCommand(['mount', ...args]);
  if (!ok) throw new Error(`mount ${args.join(' ')}: ${output}`);
}
