import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startNameServer } from './name-server.ts';
import { neededProgram } from './needed-program.ts';
import { temporaryFolder } from './program.ts';
import { freePort } from './redis.ts';
import { until } from './until.ts';

const program = neededProgram({
  names: ['caddy'],
  requiredBy: 'REQUIRE_PROXY',
  loss: 'ITS CONFIGURATION IS NOT TRIED',
});
const configuration = fileURLToPath(new URL('../../docs/operations/Caddyfile', import.meta.url));

/** Whether our proxy’s configuration can be tried. */
export const hasProxy = program !== null;

export interface TestProxy extends AsyncDisposable {
  url: string;
  /** Where it answers without TLS, beside a name that has it. */
  plainUrl: string;
  /** Where it answers with TLS, for `localhost`. */
  tlsUrl: string;
  /** What it has said, with `debug`: a line of each request that it passes on, too. */
  logged(): Promise<string>;
}

/** Our Caddyfile in front of whatever answers at these addresses, as it is but for where it asks for the name. */
export async function startProxy(
  addresses: string[],
  upstreamPort: number,
  environment: Record<string, string> = {},
  { debug = false } = {},
): Promise<TestProxy> {
  if (program === null) throw new Error('no caddy');
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  const [port, healthPort, plainPort, tlsPort] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const names = stack.use(await startNameServer(addresses));
  const file = join(folder.path, 'Caddyfile');
  const text = await readFile(configuration, 'utf8');
  const asked = text.replace(/(dynamic a .*\{\n)/, `$1resolvers udp/127.0.0.1:${names.port}\n`);
  if (asked === text) throw new Error('the Caddyfile asks for no name');
  // Whoever trusts this machine's certificates does not trust those of tests.
  await writeFile(file, asked.replace(/^\{$/m, `{\n\tskip_install_trust${debug ? '\n\tdebug' : ''}`));
  const log = join(folder.path, 'log');
  const child = Bun.spawn([program, 'run', '--adapter', 'caddyfile', '--config', file], {
    env: {
      HOME: folder.path,
      HEALTH_PORT: String(healthPort),
      PLAIN_PORT: String(plainPort),
      TLS_PORT: String(tlsPort),
      SITE_ADDRESS: `http://127.0.0.1:${port}, https://localhost`,
      UPSTREAM_HOST: 'api.nexus.test',
      UPSTREAM_PORT: String(upstreamPort),
      ...environment,
    },
    stdout: 'ignore',
    stderr: debug ? Bun.file(log) : 'ignore',
  });
  stack.defer(async () => {
    // With SIGTERM it waits for whoever still follows a stream.
    child.kill('SIGKILL');
    await child.exited;
  });
  const url = `http://127.0.0.1:${port}`;
  await until(
    () =>
      fetch(`${url}/metrics`).then(
        () => true,
        () => false,
      ),
    15_000,
  );
  const owned = stack.move();
  return {
    url,
    plainUrl: `http://127.0.0.1:${plainPort}`,
    tlsUrl: `https://localhost:${tlsPort}`,
    logged: () => readFile(log, 'utf8'),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
