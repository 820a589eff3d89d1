import { codeOf } from '#shared/errors.ts';
import { mergeStates } from '#shared/movies/movie-merge.ts';
import { MergeParams, MergesQuery, type MovieMerge } from '../admin/merge-model.ts';
import type { Merges } from '../admin/merges.ts';
import { seeOther } from '../http/answers/see-other.ts';
import type { ClientAddress } from '../http/callers/client-address.ts';
import { queryOf } from '../http/plugins/query.ts';
import { consoleHeader } from './console-header.ts';
import { type Html, html } from './html.ts';
import { layout } from './layout.ts';
import { choice, nameIn, number, table, time } from './parts.ts';
import { readableQuery } from './readable-query.ts';
import { type SignedInPagesDeps, signedInPages } from './signed-in-pages.ts';

interface MergesPageDeps extends SignedInPagesDeps {
  merges: Merges;
  addressOf: ClientAddress;
}

const hidden = { detail: { hide: true } };
const shown = 100;

const notices = {
  confirmed: 'Confirmed. What users saved of the old movie is being moved to the new one.',
  rejected: 'Rejected: they stay two movies.',
  missing: 'Nothing is proposed for this movie, or it is confirmed already.',
} as const;
type NoticeName = keyof typeof notices;

/** Movies that TMDb merged, to be confirmed or rejected in the console. */
export function mergesPageRoutes({ merges, admission, addressOf, noteActivity }: MergesPageDeps) {
  return signedInPages('console-merges', { admission, noteActivity })
    .get(
      '/admin/merges',
      async ({ request }) => {
        const asked = queryOf(request);
        const { state } = readableQuery(MergesQuery, asked);
        const found = await merges.page({ state, page: 1, limit: shown });
        return mergesPage({ ...found, state, notice: nameIn(notices, asked.notice) });
      },
      hidden,
    )
    .post('/admin/merges/:tmdb_id/confirm', (context) => decide(context, true), {
      ...hidden,
      params: MergeParams,
    })
    .post('/admin/merges/:tmdb_id/reject', (context) => decide(context, false), {
      ...hidden,
      params: MergeParams,
    });

  async function decide(
    { params, viewer, request, set }: Decision,
    confirm: boolean,
  ): Promise<ReturnType<typeof seeOther>> {
    const actor = { userId: viewer.userId, address: addressOf(request) };
    const said = await merges.decide(params.tmdb_id, confirm, actor).then(
      () => (confirm ? 'confirmed' : 'rejected'),
      (error) => {
        if (codeOf(error) === 'not_found') return 'missing';
        throw error;
      },
    );
    return seeOther(set, `/admin/merges?notice=${said}`);
  }
}

interface Decision {
  params: { tmdb_id: number };
  viewer: { userId: string };
  request: Request;
  set: Parameters<typeof seeOther>[0];
}

interface MergesPage {
  merges: readonly MovieMerge[];
  total: number;
  state: string | undefined;
  notice: NoticeName | undefined;
}

function mergesPage({ merges, total, state, notice }: MergesPage): string {
  const main = html`<h1>Merges</h1>
<p class="notice" role="status">${notice !== undefined && notices[notice]}</p>
<section class="card" aria-labelledby="merges-title"><h2 id="merges-title">Deleted movies that were found under another id</h2>
<form class="filter" method="get" action="/admin/merges" role="search">
${choice('state', 'State', mergeStates, state)}<button type="submit">Filter</button></form>
<p class="quiet">${number(total)} found${total > shown && html`, the newest ${shown} are shown`}. After a confirmation the old id leads to the new movie. That cannot be undone.</p>
${table({
  caption: 'Merges, newest first',
  heads: ['Deleted movie', 'Found as', 'State', 'Certainty', 'Looked at', 'Actions'],
  rows: merges.map((merge) => [
    movie(merge.tmdb_id, merge.title),
    merge.into_tmdb_id === null ? html`–` : movie(merge.into_tmdb_id, merge.into_title),
    html`${merge.state}`,
    html`${merge.certainty === null ? '–' : `${Math.round(merge.certainty * 100)} %`}`,
    time(merge.looked_at),
    actionsOf(merge),
  ]),
})}</section>`;
  return layout({ title: 'Merges', main, header: consoleHeader });
}

const movie = (id: number, title: string | null): Html =>
  html`<a href="/admin/movies/${id}">${title ?? `Movie ${id}`}</a> <small>${id}</small>`;

const actionsOf = ({ tmdb_id: id, title, state }: MovieMerge): Html =>
  html`${(state === 'proposed' || state === 'rejected') && button(id, title, 'confirm', 'Confirm')}${state === 'proposed' && button(id, title, 'reject', 'Reject')}`;

const button = (id: number, title: string | null, action: string, words: string): Html =>
  html`<form method="post" action="/admin/merges/${id}/${action}"><button type="submit" aria-label="${words}: ${title ?? id}">${words}</button></form>`;
