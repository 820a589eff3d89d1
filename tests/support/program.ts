import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from '#shared/config.ts';

export interface Program extends AsyncDisposable {
  pid: number;
  /** Everything it has printed so far. */
  output(): string;
  exited: Promise<number>;
  kill(signal: NodeJS.Signals): void;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where Bun keeps what it has compiled, in a home that the program does not have: a fourth of the work of a start. */
const compiled = join(homedir(), '.bun', 'install', 'cache', '@t@');

/** A program of ours in a process of its own, with no environment but a PATH and the given one; ended when disposed. */
export function startProgram(script: string, env: Environment, args: string[] = []): Program {
  const child = Bun.spawn([process.execPath, resolve(root, script), ...args], {
    env: { PATH: process.env.PATH, BUN_RUNTIME_TRANSPILER_CACHE_PATH: compiled, ...env },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  });
  let output = '';
  const collect = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) output += decoder.decode(chunk, { stream: true });
  };
  const collected = Promise.all([collect(child.stdout), collect(child.stderr)]);
  return {
    pid: child.pid,
    output: () => output,
    exited: child.exited,
    kill: (signal) => child.kill(signal),
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await child.exited;
      clearTimeout(late);
      await collected;
    },
  };
}

/** A folder that is gone when disposed. */
export async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'nexus-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
