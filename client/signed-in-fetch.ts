import type { Fetch } from './patient-fetch.ts';

export interface Tokens {
  access_token: string;
  /** `null`: a cookie keeps it (`cookie: true` at sign-in). */
  refresh_token: string | null;
}

/** Where an application keeps its tokens: in memory, or in whatever storage it trusts, which tabs may share. */
export interface TokenStore {
  get(): Tokens | undefined;
  set(tokens: Tokens | undefined): void;
}

interface SignedInFetchOptions {
  fetch: Fetch;
  tokens: TokenStore;
  baseUrl: string;
}

/** Sends the access token along, and where it has expired exchanges the tokens and asks once more. */
export function createSignedInFetch({ fetch, tokens, baseUrl }: SignedInFetchOptions): Fetch {
  // One for all who find out together: a refresh token works once, and using it again later ends the session.
  let exchanging: Promise<Response | undefined> | undefined;

  /** @returns why there are no other tokens; `undefined` where there are */
  const exchange = async (mine: Tokens): Promise<Response | undefined> => {
    // Somebody else may have done it while this one waited for its turn.
    if (tokens.get()?.access_token !== mine.access_token) return undefined;
    const ask = () => fetch(refreshRequest(baseUrl, mine));
    // The answer may have been lost, and the token is spent then: for a moment it works once more.
    const response = await ask().catch(ask);
    const next = response.ok ? ((await response.json()) as { data: Tokens }).data : undefined;
    // Who has signed out meanwhile, or in as somebody else, stays so.
    const kept = tokens.get();
    if (kept?.refresh_token !== mine.refresh_token || kept?.access_token !== mine.access_token)
      return undefined;
    if (next !== undefined)
      tokens.set({ access_token: next.access_token, refresh_token: next.refresh_token });
    else if (response.status === 401) tokens.set(undefined);
    return next === undefined ? response : undefined;
  };

  return async (request) => {
    const mine = tokens.get();
    // Signing in proves something else than a token.
    if (
      mine === undefined ||
      /\/api\/auth\/(login|register|refresh|forgot|reset)$/.test(new URL(request.url).pathname)
    )
      return fetch(request);
    const again = request.clone() as Request;
    const response = await fetch(withToken(request, mine));
    if (!(await isOfToken(response))) return response;
    if (tokens.get()?.access_token === mine.access_token) {
      exchanging ??= inTurn(baseUrl, () => exchange(mine)).finally(() => {
        exchanging = undefined;
      });
      const refused = await exchanging;
      // A service that is away has not signed anybody out.
      if (refused !== undefined) return refused.status === 401 ? response : (refused.clone() as Response);
    }
    const fresh = tokens.get();
    return fresh === undefined ? response : fetch(withToken(again, fresh));
  };
}

function refreshRequest(baseUrl: string, { refresh_token }: Tokens): Request {
  const url = `${baseUrl}/api/auth/refresh`;
  if (refresh_token === null) return new Request(url, { method: 'POST', credentials: 'include' });
  return new Request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ refresh_token }),
  });
}

/** A wrong password is 401, too: no other token would help. */
async function isOfToken(response: Response): Promise<boolean> {
  if (response.status !== 401) return false;
  const body = (await response.clone().json()) as { code?: unknown };
  return body.code === 'unauthenticated';
}

interface Locks {
  request<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/** What one tab stores the others see a moment later, each being a process of its own. */
const settleMs = 250;

/** Tabs of one application share its storage, and so its tokens. */
async function inTurn<T>(baseUrl: string, work: () => Promise<T>): Promise<T> {
  const { locks } = (globalThis as { navigator?: { locks?: Locks } }).navigator ?? {};
  if (locks === undefined) return work();
  return new Promise((resolve, reject) => {
    const turn = async () => {
      resolve(await work());
      await new Promise((settled) => setTimeout(settled, settleMs));
    };
    locks.request(`nexus tokens ${baseUrl}`, turn).catch(reject);
  });
}

function withToken(request: Request, { access_token }: Tokens): Request {
  const headers = new Headers(request.headers);
  headers.set('authorization', `Bearer ${access_token}`);
  return new Request(request, { headers });
}
