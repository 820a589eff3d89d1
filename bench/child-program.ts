import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface ChildProgram extends AsyncDisposable {
  pid: number;
  /** What it said first, when it was up. */
  ready: unknown;
  /** Asks it something; one question at a time. */
  ask(question: unknown): Promise<unknown>;
}

/** What children see of the environment: nothing that could change what is measured, but for what `npm` sets for all. */
export const plainEnvironment = () => ({
  PATH: process.env.PATH ?? '',
  HOME: process.env.HOME ?? '',
  TMPDIR: process.env.TMPDIR ?? '',
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('MIMALLOC_'))),
});

/** Runs a program of the bench in a process of its own. It speaks through `speakWithParent`. */
export function startChildProgram(
  path: string,
  environment: Record<string, string> = {},
): Promise<ChildProgram> {
  const program = fileURLToPath(new URL(path, import.meta.url));
  return speakWithChild([process.execPath, program], 'advanced', environment);
}

/** The same under Node, in one piece of JavaScript, as older ones read no TypeScript. */
export async function startNodeProgram(
  node: string,
  path: string,
  environment: Record<string, string>,
): Promise<ChildProgram> {
  const folder = await mkdtemp(join(tmpdir(), 'nexus-bench-node-'));
  const removed = () => rm(folder, { recursive: true, force: true });
  try {
    const entry = fileURLToPath(new URL(path, import.meta.url));
    const { outputs } = await Bun.build({ entrypoints: [entry], target: 'node', outdir: folder });
    // Bun and Node have only JSON in common here.
    const child = await speakWithChild([node, outputs[0]?.path ?? ''], 'json', environment);
    return {
      ...child,
      async [Symbol.asyncDispose]() {
        await child[Symbol.asyncDispose]();
        await removed();
      },
    };
  } catch (error) {
    await removed();
    throw error;
  }
}

async function speakWithChild(
  command: string[],
  serialization: 'advanced' | 'json',
  environment: Record<string, string>,
): Promise<ChildProgram> {
  let settle = Promise.withResolvers<unknown>();
  const child = Bun.spawn(command, {
    stdin: 'ignore',
    stdout: 2,
    stderr: 'inherit',
    serialization,
    env: { ...plainEnvironment(), ...environment },
    ipc: (message) => settle.resolve(message),
    onExit: (_child, code) => settle.reject(new Error(`${command.at(-1)} ended with ${code}`)),
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
