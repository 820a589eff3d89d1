/** Sends the access token along, and where it has expired exchanges the tokens and asks once more. */
export function createSignedInFetch({ fetch, tokens, baseUrl }) {
    // One for all who find out together: a refresh token works once, and using it again later ends the session.
    let exchanging;
    /** @returns why there are no other tokens; `undefined` where there are */
    const exchange = async (mine) => {
        // Somebody else may have done it while this one waited for its turn.
        if (tokens.get()?.access_token !== mine.access_token)
            return undefined;
        const ask = () => fetch(refreshRequest(baseUrl, mine));
        // The answer may have been lost, and the token is spent then: for a moment it works once more.
        const response = await ask().catch(ask);
        const next = response.ok ? (await response.json()).data : undefined;
        // Who has signed out meanwhile, or in as somebody else, stays so.
        const kept = tokens.get();
        if (kept?.refresh_token !== mine.refresh_token || kept?.access_token !== mine.access_token)
            return undefined;
        if (next !== undefined)
            tokens.set({ access_token: next.access_token, refresh_token: next.refresh_token });
        else if (response.status === 401)
            tokens.set(undefined);
        return next === undefined ? response : undefined;
    };
    return async (request) => {
        const mine = tokens.get();
        // Signing in proves something else than a token.
        if (mine === undefined ||
            /\/api\/auth\/(login|register|refresh|forgot|reset)$/.test(new URL(request.url).pathname))
            return fetch(request);
        const again = request.clone();
        const response = await fetch(withToken(request, mine));
        if (!(await isOfToken(response)))
            return response;
        if (tokens.get()?.access_token === mine.access_token) {
            exchanging ??= inTurn(baseUrl, () => exchange(mine)).finally(() => {
                exchanging = undefined;
            });
            const refused = await exchanging;
            // A service that is away has not signed anybody out.
            if (refused !== undefined)
                return refused.status === 401 ? response : refused.clone();
        }
        const fresh = tokens.get();
        return fresh === undefined ? response : fetch(withToken(again, fresh));
    };
}
function refreshRequest(baseUrl, { refresh_token }) {
    const url = `${baseUrl}/api/auth/refresh`;
    if (refresh_token === null)
        return new Request(url, { method: 'POST', credentials: 'include' });
    return new Request(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ refresh_token }),
    });
}
/** A wrong password is 401, too: no other token would help. */
async function isOfToken(response) {
    if (response.status !== 401)
        return false;
    const body = (await response.clone().json());
    return body.code === 'unauthenticated';
}
/** What one tab stores the others see a moment later, each being a process of its own. */
const settleMs = 250;
/** Tabs of one application share its storage, and so its tokens. */
async function inTurn(baseUrl, work) {
    const { locks } = globalThis.navigator ?? {};
    if (locks === undefined)
        return work();
    return new Promise((resolve, reject) => {
        const turn = async () => {
            resolve(await work());
            await new Promise((settled) => setTimeout(settled, settleMs));
        };
        locks.request(`nexus tokens ${baseUrl}`, turn).catch(reject);
    });
}
function withToken(request, { access_token }) {
    const headers = new Headers(request.headers);
    headers.set('authorization', `Bearer ${access_token}`);
    return new Request(request, { headers });
}
