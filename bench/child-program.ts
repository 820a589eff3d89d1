import { fileURLToPath } from 'node:url';

export interface ChildProgram extends AsyncDisposable {
  pid: number;
  /** What it said first, when it was up. */
  ready: unknown;
  /** Asks it something; one question at a time. */
  ask(question: unknown): Promise<unknown>;
}

/** What children see of the environment: nothing that could change what is measured. */
export const plainEnvironment = () => ({
  PATH: process.env.PATH ?? '',
  HOME: process.env.HOME ?? '',
  TMPDIR: process.env.TMPDIR ?? '',
});

/** Runs a program of the bench in a process of its own. It speaks through `speakWithParent`. */
export async function startChildProgram(
  path: string,
  environment: Record<string, string> = {},
): Promise<ChildProgram> {
  let settle = Promise.withResolvers<unknown>();
  const child = Bun.spawn([process.execPath, fileURLToPath(new URL(path, import.meta.url))], {
    stdin: 'ignore',
    stdout: 2,
    stderr: 'inherit',
    serialization: 'advanced',
    env: { ...plainEnvironment(), ...environment },
    ipc: (message) => settle.resolve(message),
    onExit: (_child, code) => settle.reject(new Error(`${path} ended with ${code}`)),
  });
  // An ending that nobody waits for is no news.
  settle.promise.catch(() => {});
  const ready = await settle.promise;
  return {
    pid: child.pid,
    ready,
    ask(question) {
      settle = Promise.withResolvers<unknown>();
      child.send(question);
      return settle.promise;
    },
    async [Symbol.asyncDispose]() {
      settle.promise.catch(() => {});
      child.kill('SIGTERM');
      await child.exited;
    },
  };
}

/** The child's side: says that it is up, answers questions, and ends with its parent. */
export function speakWithParent(ready: unknown, answer: (question: unknown) => unknown): void {
  process.on('message', async (question: unknown) => {
    process.send?.(await answer(question));
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.(ready);
}
