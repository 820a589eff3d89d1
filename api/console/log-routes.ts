import { queryOf } from '../http/plugins/query.ts';
import { EventsQuery } from '../security-log/model.ts';
import type { SecurityEventReads } from '../security-log/service.ts';
import { logPage } from './log-page.ts';
import { readableQuery } from './readable-query.ts';
import { type SignedInPagesDeps, signedInPages } from './signed-in-pages.ts';

interface LogPageDeps extends SignedInPagesDeps {
  events: SecurityEventReads;
}

/** The security log in the console. */
export function logPageRoutes({ events, admission, noteActivity }: LogPageDeps) {
  return signedInPages('console-log', { admission, noteActivity }).get(
    '/admin/log',
    async ({ request }) => {
      const query = readableQuery(EventsQuery, queryOf(request));
      return logPage({ ...(await events.page(query)), query });
    },
    { detail: { hide: true } },
  );
}
