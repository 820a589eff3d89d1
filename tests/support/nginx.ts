import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { neededProgram } from './needed-program.ts';
import { temporaryFolder } from './program.ts';
import { freePort } from './redis.ts';
import { until } from './until.ts';

// Debian has it where only root looks.
const program = neededProgram({
  names: ['nginx', '/usr/sbin/nginx'],
  requiredBy: 'REQUIRE_NGINX',
  loss: 'ITS CONFIGURATION IS NOT TRIED',
});
const configuration = fileURLToPath(new URL('../../docs/operations/nginx.conf', import.meta.url));

/** Whether our configuration of nginx can be tried. */
export const hasNginx = program !== null;

export interface TestNginx extends AsyncDisposable {
  port: number;
  url: string;
  /** With a certificate: over HTTPS, while `url` is what answers without. */
  tlsUrl: string;
  /** What stands in its logs. */
  logged(): Promise<string>;
}

/** Put in by whoever follows what the file says to do with a certificate. */
function withCertificate(text: string, folder: string): string {
  const lines =
    /With a certificate, in place of the two at port 80: (.*)\n {4}# (.*)\n {4}# (add_header .*)\n/.exec(
      text,
    );
  if (lines === null) throw new Error('nginx.conf no longer says what to do with a certificate');
  const [, listen = '', more = '', strict = ''] = lines;
  const directives = `${listen} ${more.replace(/and the server at the end.*/, '')}`
    .replace('ssl_certificate …;', `ssl_certificate ${folder}/certificate.pem;`)
    .replace('ssl_certificate_key …;', `ssl_certificate_key ${folder}/key.pem;`);
  return text
    .replace('    listen 80;\n    listen [::]:80;\n', `    ${directives}\n    ${strict}\n`)
    .replace(/# With a certificate, here as well: add_header Strict-Transport-Security … always;/, strict)
    .replace(/^#map [\s\S]*$/m, (end) => end.replaceAll(/^#/gm, ''));
}

interface NginxOptions {
  upstreams: string[];
  /** Whether it has a certificate, and the server beside it that leads there. */
  certificate?: boolean;
}

/** Our configuration of nginx, as it is but for ports, logs and the names of API processes. */
export async function startNginx({ upstreams, certificate = false }: NginxOptions): Promise<TestNginx> {
  if (program === null) throw new Error('no nginx');
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder()).path;
  const [port, tlsPort] = [await freePort(), await freePort()];
  await mkdir(join(folder, 'logs'));
  if (certificate) await makeCertificate(folder);
  const text = await readFile(configuration, 'utf8');
  const server = (upstream: string) => `    server ${upstream} max_fails=1 fail_timeout=2s;\n`;
  const own = (certificate ? withCertificate(text, folder) : text)
    .replace(/ {4}server 127\.0\.0\.1:3000 .*\n/, upstreams.map(server).join(''))
    .replaceAll(/\b80;/g, `${port};`)
    .replaceAll(/\b443 /g, `${tlsPort} `)
    .replaceAll('/var/log/nginx/', `${folder}/logs/`);
  await writeFile(join(folder, 'nexus.conf'), own);
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );
  // The frame that Debian has around it.
  await writeFile(
    join(folder, 'nginx.conf'),
    `${process.getuid?.() === 0 ? 'user root; ' : ''}daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/logs/error.log;
events { worker_connections 768; }
http { ${paths.join(' ')} access_log off; include ${folder}/nexus.conf; }
`,
  );
  const child = Bun.spawn([program, '-p', folder, '-c', join(folder, 'nginx.conf')], {
    stdout: 'ignore',
    stderr: Bun.file(join(folder, 'logs', 'start.log')),
  });
  stack.defer(async () => {
    child.kill('SIGTERM');
    await child.exited;
  });
  const url = `http://127.0.0.1:${port}`;
  const isUp = () =>
    fetch(`${url}/metrics`).then(
      () => true,
      () => false,
    );
  await until(isUp, 15_000);
  const logs = ['nexus.log', 'nexus.error.log', 'error.log', 'start.log'];
  const owned = stack.move();
  return {
    port,
    url,
    tlsUrl: `https://127.0.0.1:${tlsPort}`,
    logged: async () =>
      (
        await Promise.all(logs.map((name) => readFile(join(folder, 'logs', name), 'utf8').catch(() => '')))
      ).join('\n'),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function makeCertificate(folder: string): Promise<void> {
  const made = Bun.spawn(
    [
      ...['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...[
        '-keyout',
        join(folder, 'key.pem'),
        '-out',
        join(folder, 'certificate.pem'),
        '-subj',
        '/CN=localhost',
      ],
    ],
    { stdout: 'ignore', stderr: 'ignore' },
  );
  if ((await made.exited) !== 0) throw new Error('no certificate was made');
}
