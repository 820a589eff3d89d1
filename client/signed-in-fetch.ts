import type { Fetch } from './patient-fetch.ts';

export interface Tokens {
  access_token: string;
  refresh_token: string;
}

/** Where an application keeps its tokens: in memory, or in whatever storage it trusts. */
export interface TokenStore {
  get(): Tokens | undefined;
  set(tokens: Tokens | undefined): void;
}

interface SignedInFetchOptions {
  fetch: Fetch;
  tokens: TokenStore;
  baseUrl: string;
}

/** Sends the access token along, and on a 401 exchanges the tokens and asks once more. */
export function createSignedInFetch({ fetch, tokens, baseUrl }: SignedInFetchOptions): Fetch {
  // One for all who meet a 401 together: a refresh token works once, and using it twice ends the session.
  let refreshing: Promise<boolean> | undefined;

  const exchange = async (refreshToken: string): Promise<boolean> => {
    const response = await fetch(
      new Request(`${baseUrl}/api/auth/refresh`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ refresh_token: refreshToken }),
      }),
    );
    if (response.ok) {
      const { data } = (await response.json()) as { data: Tokens };
      tokens.set({ access_token: data.access_token, refresh_token: data.refresh_token });
    } else if (response.status === 401) tokens.set(undefined);
    return response.ok;
  };

  return async (request) => {
    const mine = tokens.get();
    // Signing in proves something else than a token.
    if (mine === undefined || /\/api\/auth\/(login|register|refresh)$/.test(new URL(request.url).pathname))
      return fetch(request);
    const again = request.clone() as Request;
    const response = await fetch(withToken(request, mine));
    if (response.status !== 401) return response;
    if (tokens.get()?.access_token === mine.access_token) {
      refreshing ??= exchange(mine.refresh_token).finally(() => {
        refreshing = undefined;
      });
      if (!(await refreshing)) return response;
    }
    const fresh = tokens.get();
    return fresh === undefined ? response : fetch(withToken(again, fresh));
  };
}

function withToken(request: Request, { access_token }: Tokens): Request {
  const headers = new Headers(request.headers);
  headers.set('authorization', `Bearer ${access_token}`);
  return new Request(request, { headers });
}
