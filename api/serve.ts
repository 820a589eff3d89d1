import { ConfigError } from '#shared/config.ts';
import { within } from '#shared/within.ts';
import type { App } from './app.ts';

interface ServeOptions {
  host: string;
  port: number;
  /** How long requests that run may take to finish once we stop. */
  graceMs: number;
}

export interface RunningServer extends AsyncDisposable {
  url: string;
}

/** Puts the app on its port, and takes it off again when what runs has finished. */
export function serve(app: App, { host, port, graceMs }: ServeOptions): RunningServer {
  try {
    app.listen({ hostname: host, port });
  } catch (error) {
    const refusal = listenRefusal(error, { host, port });
    throw refusal === undefined ? error : new ConfigError(refusal);
  }
  const { server } = app;
  if (server === null) throw new Error('the server did not start');
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${server.port}`,
    async [Symbol.asyncDispose]() {
      // Connections that are merely kept open end at the latest with the grace.
      await within(graceMs, server.stop(false)).catch(() => server.stop(true));
    },
  };
}

/** Why the address cannot be listened on, and what to do; `undefined` for what has another cause. */
export function listenRefusal(
  error: unknown,
  { host, port }: { host: string; port: number },
): string | undefined {
  switch ((error as { code?: unknown }).code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is in use. Stop what uses it, or set PORT to another one.`;
    case 'EACCES':
    case 'EPERM':
      return `This user may not listen on port ${port}. Set PORT to one above 1023, or give the process the right (CAP_NET_BIND_SERVICE).`;
    case 'EADDRNOTAVAIL':
    case 'EINVAL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAFNOSUPPORT':
      return `This machine has no address ${host}. Set HOST to one that it has: 127.0.0.1 for this machine alone, 0.0.0.0 for all networks.`;
    default:
      return undefined;
  }
}
