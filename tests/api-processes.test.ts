import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Agent, get } from 'node:http';
import { mergedText } from '#api/processes/merged-figures.ts';
import { sharePools } from '#api/processes/pool-sizes.ts';
import { surplusConnections } from '#api/processes/spread-connections.ts';
import type { Environment } from '#shared/config.ts';
import type { Database } from '#shared/orm/database.ts';
import { testSecret } from '#tests/support/api/api-fixture.ts';
import { chance } from './support/chance.ts';
import { childrenOf } from './support/children-of.ts';
import { databaseUrl, testDatabase } from './support/database.ts';
import { isReady } from './support/is-ready.ts';
import { type Program, startProgram } from './support/program.ts';
import { freePort } from './support/redis.ts';
import { until } from './support/until.ts';

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('two API processes on one port', () => {
  let database: Database;
  let env: Environment;
  let port: number;
  let url: string;
  let program: Program;
  beforeAll(async () => {
    database = await testDatabase();
    port = await freePort();
    url = `http://127.0.0.1:${port}`;
    env = {
      DATABASE_URL: databaseUrl(database),
      JWT_SECRET: testSecret,
      PORT: String(port),
      API_PROCESSES: '2',
      RATE_LIMIT: 'off',
    };
    program = startProgram('api/main.ts', env);
    await until(() => isReady(url));
    await says('all API processes are up');
  }, 120_000);
  afterAll(async () => {
    await program?.[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
  });

  /** Log lines are on their way for up to a second. */
  const says = (sentence: string) => until(() => program.output().includes(sentence), 40_000);
  /** Each on a connection of its own: those are what is spread. */
  const ask = () => fetch(`${url}/api/configuration`, { keepalive: false, headers: { connection: 'close' } });
  /** On one of the connections that an agent keeps open. */
  const askKept = (agent: Agent) =>
    new Promise<number | undefined>((resolve, reject) => {
      get(`${url}/api/configuration`, { agent }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode));
      }).on('error', reject);
    });
  const counted = async (): Promise<number> => {
    const text = await (await fetch(`${url}/metrics`)).text();
    const [, value] =
      /nexus_http_requests_total\{[^}]*route="\/api\/configuration"[^}]*\} (\d+)/.exec(text) ?? [];
    return Number(value ?? 0);
  };

  test('both answer, and metrics are of both', async () => {
    const before = await counted();
    for (let i = 0; i < 60; i++) expect((await ask()).status).toBe(200);
    // Whichever of them is asked.
    for (let i = 0; i < 6; i++) expect(await counted()).toBe(before + 60);
    expect(childrenOf(program.pid)).toHaveLength(2);
  }, 120_000);

  test('the figures of the whole service are not added up', async () => {
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text).toMatch(/^nexus_up\{store="postgres"\} 1$/m);
    expect(text).toMatch(/^nexus_build_info\{.*\} 1$/m);
    expect(text).toContain('process_start_time_seconds');
    expect(text).toMatch(/^nexus_pool_connections\{state="open"\} \d+$/m);
  });

  test('one that is killed is replaced, while the other answers', async () => {
    const before = await counted();
    // What a crash may lose is what was counted in the last seconds.
    await Bun.sleep(6000);
    const [first = 0] = childrenOf(program.pid);
    process.kill(first, 'SIGKILL');
    await until(() => childrenOf(program.pid).filter((pid) => pid !== first).length === 2);
    await until(async () => (await ask()).ok);
    await says('an API process ended, starting another one');
    expect(await counted()).toBeGreaterThanOrEqual(before);
  }, 120_000);

  test('connections that are kept open are spread over a new one, too', async () => {
    const isUp = (pid: number) => new RegExp(`"pid":${pid}.*the API is up`).test(program.output());
    await until(() => childrenOf(program.pid).filter(isUp).length === 2, 30_000);
    const [first = 0, second = 0] = childrenOf(program.pid);
    // Until its place is taken, all new connections are the other's.
    process.kill(first, 'SIGKILL');
    await until(() => !isAlive(first));
    const agent = new Agent({ keepAlive: true, maxSockets: 24 });
    let isOver = false;
    let failed = 0;
    const traffic = Array.from({ length: 24 }, async () => {
      while (!isOver) {
        if ((await askKept(agent)) !== 200) failed++;
        // Some hundred requests a second: connections are compared by thousands of them in four seconds.
        await Bun.sleep(40);
      }
    });
    const shareOf = (lines: string, pid: number) =>
      lines.split(`"pid":${pid}`).length / lines.split('"route":"/api/configuration"').length;
    await until(() => childrenOf(program.pid).filter((pid) => pid !== first).length === 2);
    const from = program.output().length;
    await until(async () => {
      const seen = program.output().length;
      await Bun.sleep(2500);
      const lines = program.output().slice(seen);
      return lines.includes(`"pid":${second}`) && shareOf(lines, second) < 0.7;
    }, 120_000);
    isOver = true;
    await Promise.all(traffic);
    agent.destroy();
    expect(failed).toBe(0);
    expect(program.output().slice(from)).not.toContain('"level":"error","name":"api","pid"');
  }, 80_000);

  test('one that hangs is replaced, and a second service does not join their port', async () => {
    const [first = 0] = childrenOf(program.pid);
    process.kill(first, 'SIGSTOP');
    for (const API_PROCESSES of ['2', '1']) {
      await using second = startProgram('api/main.ts', { ...env, API_PROCESSES });
      expect(await second.exited).toBe(1);
      expect(second.output()).toContain(`Port ${port} on 127.0.0.1 is in use`);
    }
    await until(() => !isAlive(first), 50_000);
    await until(() => childrenOf(program.pid).length === 2);
    await says('an API process hangs, and is ended');
  }, 120_000);

  test('SIGHUP replaces them all, and no request is lost', async () => {
    await until(async () => (await ask()).ok);
    const old = childrenOf(program.pid);
    const before = await counted();
    let answered = 0;
    let lost = 0;
    let isOver = false;
    const traffic = Array.from({ length: 3 }, async () => {
      while (!isOver)
        // As a client or proxy does: a connection that was reset before any answer is tried once more.
        await ask()
          .catch(ask)
          .then(
            (answer) => (answer.ok ? answered++ : lost++),
            () => lost++,
          );
    });
    program.kill('SIGHUP');
    await says('all API processes are new');
    isOver = true;
    await Promise.all(traffic);
    expect(lost).toBe(0);
    expect(answered).toBeGreaterThan(20);
    const now = childrenOf(program.pid);
    expect(now).toHaveLength(2);
    expect(now.filter((pid) => old.includes(pid))).toEqual([]);
    // What the old ones have counted is not lost.
    await until(async () => (await counted()) >= before + answered);
  }, 60_000);

  test('SIGTERM ends all of them in order', async () => {
    const children = childrenOf(program.pid);
    program.kill('SIGTERM');
    expect(await program.exited).toBe(0);
    expect(children.filter(isAlive)).toEqual([]);
    expect(program.output()).not.toContain(
      'starting another one\n{"level":"info","name":"api","msg":"stopping"',
    );
  }, 120_000);

  test('they end with the one that watches over them', async () => {
    await using watching = startProgram('api/main.ts', env);
    await until(() => watching.output().includes('all API processes are up'), 30_000);
    const children = childrenOf(watching.pid);
    watching.kill('SIGKILL');
    await watching.exited;
    await until(() => children.every((pid) => !isAlive(pid)));
  }, 60_000);

  test('more than PostgreSQL has connections for are refused in a sentence', async () => {
    await using many = startProgram('api/main.ts', { ...env, API_PROCESSES: '64' });
    expect(await many.exited).toBe(1);
    expect(many.output()).toMatch(/^API_PROCESSES=64 needs \d+ connections, and PostgreSQL has \d+ .*\n$/m);
  }, 120_000);
});

describe('connections', () => {
  test('are shared so that all of them fit, also while one more is started', () => {
    for (const connections of [60, 97, 197, 497])
      for (const wanted of [2, 3, 8, 16, 64]) {
        const { count, pools } = sharePools(wanted, connections);
        const held = (count + (count > 1 ? 1 : 0)) * (pools.reads + pools.queue + 2) + 40;
        expect([connections, wanted, held <= connections]).toEqual([connections, wanted, true]);
        expect(Math.min(pools.reads - 4, pools.queue - 2)).toBeGreaterThanOrEqual(0);
      }
    expect(sharePools(3, 197)).toEqual({ count: 3, pools: { reads: 12, queue: 9 } });
  });
});

describe('a process with more than its share', () => {
  const letGo = (...all: [requests: number, connections: number][]) => {
    const seen = all.map(([requests, connections]) => ({ requests, connections }));
    return seen.map((each) => surplusConnections(each, seen));
  };
  test('lets go what it has too much, and as much more as comes back to it', () => {
    expect(letGo([20_000, 20], [12_000, 12])).toEqual([8, 0]);
    expect(letGo([9000, 18], [4000, 8], [5000, 10])).toEqual([9, 0, 0]);
    // Another process has just started.
    expect(letGo([32_000, 32], [0, 0])).toEqual([16, 0]);
  });

  test('lets none go where another one would then have too many', () => {
    expect(letGo([17_000, 17], [15_000, 15])).toEqual([0, 0]);
    expect(letGo([2000, 2], [1000, 1])).toEqual([0, 0]);
    expect(letGo([1000, 1], [0, 0])).toEqual([0, 0]);
  });

  test('lets none go where it is only faster, or has more by chance', () => {
    expect(letGo([24_000, 16], [16_000, 16])).toEqual([0, 0]);
    expect(letGo([230, 220], [170, 165])).toEqual([0, 0]);
    expect(letGo([199, 20], [0, 0])).toEqual([0, 0]);
  });

  test.each([
    { processes: 2, connections: 32, rounds: 3, mostAway: 0.1 },
    { processes: 2, connections: 256, rounds: 2, mostAway: 0.1 },
    { processes: 4, connections: 256, rounds: 5, mostAway: 0.1 },
    { processes: 8, connections: 64, rounds: 10, mostAway: 0.25 },
  ])('all are even soon: $connections connections of $processes processes', (row) => {
    const { processes, connections, rounds, mostAway } = row;
    const times = 400;
    let even = 0;
    let endedWhenEven = 0;
    for (let time = 1; time <= times; time++) {
      const draw = chance(time);
      const held = Array.from({ length: processes }, () => 0);
      const add = () => {
        const to = Math.floor(draw() * processes);
        held[to] = (held[to] ?? 0) + 1;
      };
      for (let n = 0; n < connections; n++) add();
      const away = () => Math.max(...held.map((n) => Math.abs((n * processes) / connections - 1)));
      const round = () => {
        const ended = letGo(...held.map((n): [number, number] => [n * 1000, n]));
        for (const [at, n] of ended.entries()) held[at] = (held[at] ?? 0) - n;
        const all = ended.reduce((sum, n) => sum + n, 0);
        for (let n = 0; n < all; n++) add();
        return all;
      };
      for (let n = 0; n < rounds; n++) round();
      if (away() <= mostAway) even++;
      if (away() <= 0.08) endedWhenEven += round();
    }
    expect(even / times).toBeGreaterThan(0.95);
    expect(endedWhenEven).toBe(0);
  });
});

test('metrics of several processes are one text', async () => {
  const counter = (value: number, aggregator = 'sum') => ({
    ...{ name: 'c', help: 'h', type: 'counter', aggregator },
    values: [{ labels: { route: 'a' }, value }],
  });
  const text = await mergedText([[counter(2)], [counter(3)], []] as never);
  expect(text).toContain('c{route="a"} 5');
  expect(await mergedText([[counter(2, 'first')], [counter(2, 'first')]] as never)).toContain(
    'c{route="a"} 2',
  );
});
