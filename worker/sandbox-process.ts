import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { ConfigError } from '#shared/config.ts';
import type { Log } from '#shared/log.ts';

const Announcement = z.object({
  sandbox: z.object({ url: z.url(), exportUrl: z.url(), identity: z.string() }),
});

/** The key the sandbox takes; it opens nothing else. */
export const sandboxKey = 'nexus-sandbox-key';

export interface SandboxProcess extends AsyncDisposable {
  url: string;
  exportUrl: string;
  /** Names the catalogue: its seed and size, or that it is real data. */
  identity: string;
}

const program = fileURLToPath(new URL('../sandbox/main.ts', import.meta.url));
const startTimeoutMs = 60_000;
const restartMs = 500;
const stopTimeoutMs = 3000;

/**
 * Runs the TMDb sandbox as a process of its own for as long as this one lives: it ends with us, even by kill -9,
 * and is started anew on the same port if it dies.
 */
export async function startSandboxProcess(options: {
  movies: number;
  realData: string | undefined;
  log: Log;
}): Promise<SandboxProcess> {
  if (options.realData !== undefined && !(await isFolder(options.realData)))
    throw new ConfigError('NEXUS_REAL_DATA is not a folder that can be read.');
  let closing = false;
  let child = spawn(options, 0);
  const { sandbox } = await announcementOf(child);
  const port = Number(new URL(sandbox.url).port);
  const supervise = async () => {
    while (!closing) {
      await child.exited;
      if (closing) return;
      options.log.warn('the sandbox ended, starting it again');
      await Bun.sleep(restartMs);
      if (closing) return;
      try {
        child = spawn(options, port);
        await announcementOf(child);
      } catch (error) {
        // Also where the system has no process left: then it is tried again.
        options.log.warn({ err: error }, 'the sandbox did not start');
      }
    }
  };
  const supervising = supervise();
  return {
    url: sandbox.url,
    exportUrl: sandbox.exportUrl,
    identity: sandbox.identity,
    async [Symbol.asyncDispose]() {
      closing = true;
      // It ends when this pipe does; a signal it leaves to us.
      try {
        await child.stdin.end();
      } catch {
        // It has ended by itself.
      }
      const late = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
      await supervising;
      clearTimeout(late);
    },
  };
}

const isFolder = (path: string) =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

function spawn({ movies, realData }: { movies: number; realData: string | undefined }, port: number) {
  const source = realData === undefined ? ['--movies', String(movies)] : ['--real-data', realData];
  return Bun.spawn(
    [process.execPath, program, '--port', String(port), '--exit-with-parent', '--closed', ...source],
    {
      // Its end of this pipe closes when we die, however that happens.
      stdin: 'pipe',
      stdout: 'pipe',
      stderr: 'inherit',
      // It gets no proxy, key or database of ours.
      env: {},
    },
  );
}

async function announcementOf(child: ReturnType<typeof spawn>): Promise<z.infer<typeof Announcement>> {
  const late = setTimeout(() => child.kill(), startTimeoutMs);
  try {
    let text = '';
    for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const end = text.indexOf('\n');
      if (end >= 0) return Announcement.parse(JSON.parse(text.slice(0, end)));
    }
    throw new Error('the sandbox ended before it was up');
  } finally {
    clearTimeout(late);
  }
}
