import type { App } from '#api/app.ts';
import { type NoticeHub, openNoticeHub } from '#api/store/notice-hub.ts';
import { createLog } from '#shared/log.ts';
import { openDatabase } from '#shared/orm/database.ts';
import { openDatabaseBehindWire } from '#tests/support/database-behind-wire.ts';
import type { Wire } from '#tests/support/wire.ts';
import { openTestApi, type TestApi } from './api-fixture.ts';

export interface TwoApis extends AsyncDisposable {
  here: TestApi;
  /** As another process would be: with caches, and a connection for notices, of its own. */
  there: {
    app: App;
    hub: NoticeHub;
    get(path: string, headers?: Record<string, string>): Promise<Response>;
    /** As the server calls it: a promise only where something is waited for. */
    fetch(path: string, headers: Record<string, string>): Response | Promise<Response>;
  };
  /** Where the notices come to `there`, and nothing else does. */
  wire: Wire;
}

export async function openTwoApis(): Promise<TwoApis> {
  await using stack = new AsyncDisposableStack();
  const { behind, wire, target } = stack.use(await openDatabaseBehindWire());
  const here = stack.use(await openTestApi({ database: behind }));
  const beyond = stack.use(await openDatabase(target));
  const log = createLog({ level: 'silent', name: 'there' });
  const hub = stack.use(await openNoticeHub(beyond, log));
  const app = here.anotherApp({ hub });
  const owned = stack.move();
  const asked = (path: string, headers: Record<string, string>) =>
    new Request(`http://nexus.test${path}`, { headers });
  return {
    here,
    there: {
      app,
      hub,
      get: async (path, headers = {}) => app.fetch(asked(path, headers)),
      fetch: (path, headers) => app.fetch(asked(path, headers)),
    },
    wire,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
