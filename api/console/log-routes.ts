import { Elysia } from 'elysia';
import type { NoteConsoleActivity } from '../auth/console-activity.ts';
import { setPageHeaders } from '../http/answers/page-headers.ts';
import type { Admission } from '../http/callers/admission.ts';
import { consoleOnly } from '../http/plugins/guards.ts';
import { parsedQuery, queryOf } from '../http/plugins/query.ts';
import { EventsQuery } from '../security-log/model.ts';
import type { SecurityEventReads } from '../security-log/service.ts';
import { logPage } from './log-page.ts';
import { readableQuery } from './readable-query.ts';

interface LogPageDeps {
  events: SecurityEventReads;
  admission: Admission;
  noteActivity: NoteConsoleActivity;
}

/** The security log in the console. */
export function logPageRoutes({ events, admission, noteActivity }: LogPageDeps) {
  return new Elysia({ name: 'console-log' })
    .use(consoleOnly(admission))
    .use(parsedQuery())
    .onBeforeHandle(({ set, request, viewer }) => {
      setPageHeaders(set.headers);
      noteActivity(request, viewer.sessionId);
    })
    .get(
      '/admin/log',
      async ({ request }) => {
        const query = readableQuery(EventsQuery, queryOf(request));
        return logPage({ ...(await events.page(query)), query });
      },
      { detail: { hide: true } },
    );
}
