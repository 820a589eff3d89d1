import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { plainEnvironment } from './child-program.ts';

const Announcement = z.object({ sandbox: z.object({ url: z.url(), exportUrl: z.url() }) });
const Stats = z.object({
  requests: z.number(),
  rejected429: z.number(),
  byRoute: z.record(z.string(), z.number()),
  byMovieId: z.record(z.string(), z.number()),
});
const Requests = z.object({ requests: z.array(z.object({ at: z.number(), limited: z.boolean() })) });

export interface SandboxChild extends AsyncDisposable {
  pid: number;
  url: string;
  exportUrl: string;
  stats(): Promise<z.infer<typeof Stats>>;
  resetStats(): Promise<void>;
  /** Each answer takes one of these times, all alike often. */
  takeMs(times: readonly number[]): Promise<void>;
  /** When each request to the rate-limited API arrived, in milliseconds. */
  arrivals(): Promise<number[]>;
}

/** The key the sandbox takes. */
export const sandboxKey = 'nexus-sandbox-key';

const patienceMs = 3000;
const program = fileURLToPath(new URL('../sandbox/main.ts', import.meta.url));

/** The TMDb sandbox as a process of its own; it ends with us, however we end. */
export async function startSandboxChild(
  options: { movies: number; maxRps?: number } | { realData: string },
): Promise<SandboxChild> {
  const flags =
    'realData' in options
      ? ['--real-data', options.realData]
      : [
          '--movies',
          String(options.movies),
          ...(options.maxRps ? ['--max-rps', String(options.maxRps)] : []),
        ];
  const child = Bun.spawn([process.execPath, program, '--exit-with-parent', ...flags], {
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'inherit',
    env: plainEnvironment(),
  });
  const { url, exportUrl } = await announcementOf(child.stdout);
  const control = async (path: string, method = 'GET', body?: unknown) => {
    const init = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await fetch(new URL(`/__sandbox/${path}`, url), init);
    if (!response.ok) throw new Error(`the sandbox answered ${response.status} to ${path}`);
    return response.json();
  };
  return {
    pid: child.pid,
    url,
    exportUrl,
    stats: async () => Stats.parse(await control('stats')),
    resetStats: async () => void (await control('reset-stats', 'POST')),
    takeMs: async (times) => {
      // The first rule that applies is taken: each has its share of what those before it left.
      const rules = times.map((delayMs, at) => {
        return { kind: 'slow', delayMs, probability: 1 / (times.length - at) };
      });
      await control('misbehave', 'POST', rules);
    },
    arrivals: async () =>
      Requests.parse(await control('requests'))
        .requests.filter(({ limited }) => limited)
        .map(({ at }) => at),
    async [Symbol.asyncDispose]() {
      // It ends with this pipe, as it would with us.
      await child.stdin.end();
      const late = setTimeout(() => child.kill('SIGKILL'), patienceMs);
      await child.exited;
      clearTimeout(late);
    },
  };
}

async function announcementOf(stdout: ReadableStream<Uint8Array>) {
  let text = '';
  for await (const chunk of stdout.pipeThrough(new TextDecoderStream() as never) as AsyncIterable<string>) {
    text += chunk;
    const end = text.indexOf('\n');
    if (end >= 0) return Announcement.parse(JSON.parse(text.slice(0, end))).sandbox;
  }
  throw new Error('the sandbox ended before it was up');
}
