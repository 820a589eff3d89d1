import { Elysia } from 'elysia';
import type { NoteConsoleActivity } from '../auth/console-activity.ts';
import { setPageHeaders } from '../http/answers/page-headers.ts';
import type { Admission } from '../http/callers/admission.ts';
import { consoleOnly } from '../http/plugins/guards.ts';
import { parsedQuery } from '../http/plugins/query.ts';

export interface SignedInPagesDeps {
  admission: Admission;
  noteActivity: NoteConsoleActivity;
}

/** Where pages of the console stand: behind its sign-in, and each look at one keeps its session alive. */
export const signedInPages = (name: string, { admission, noteActivity }: SignedInPagesDeps) =>
  new Elysia({ name })
    .use(consoleOnly(admission))
    .use(parsedQuery())
    .onBeforeHandle(({ set, request, viewer }) => {
      setPageHeaders(set.headers);
      noteActivity(request, viewer.sessionId);
    });
