import { ConfigError } from '#shared/config.ts';
import { within } from '#shared/within.ts';
import type { App } from './app.ts';
import { listenRefusal } from './processes/listen-refusal.ts';

interface ServeOptions {
  host: string;
  port: number;
  /** How long requests that run may take to finish once we stop. */
  graceMs: number;
  /** Whether other processes of this service listen there, too: the system spreads connections over them. */
  reusePort?: boolean | undefined;
}

export interface RunningServer extends AsyncDisposable {
  url: string;
}

/** Puts the app on its port, and takes it off again when what runs has finished. */
export function serve(app: App, { host, port, graceMs, reusePort = false }: ServeOptions): RunningServer {
  try {
    app.listen({ hostname: host, port, reusePort });
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
