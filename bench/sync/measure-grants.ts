import { z } from 'zod';
import { startChildProgram } from '../child-program.ts';

const Grants = z.array(z.number());

/** When a limiter shared by so many processes granted its slots, by its own account. */
export async function measureGrants(options: {
  processes: number;
  redisUrl: string;
  maxRps: number;
  warmUpMs: number;
  ms: number;
}): Promise<number[]> {
  await using stack = new AsyncDisposableStack();
  const environment = { REDIS_URL: options.redisUrl, MAX_RPS: String(options.maxRps) };
  const children = await Promise.all(
    Array.from({ length: options.processes }, () =>
      startChildProgram('./sync/grants-program.ts', environment),
    ),
  );
  for (const child of children) stack.use(child);
  const ask = async () =>
    (await Promise.all(children.map(async (child) => Grants.parse(await child.ask('grants'))))).flat();
  await Bun.sleep(options.warmUpMs);
  await ask();
  await Bun.sleep(options.ms);
  // Awaited here: what the stack holds ends with this function.
  return await ask();
}
