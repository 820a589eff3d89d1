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
    if ((error as { code?: unknown }).code !== 'EADDRINUSE') throw error;
    throw new ConfigError(
      `Port ${port} on ${host} is in use. Stop what uses it, or set PORT to another one.`,
    );
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
