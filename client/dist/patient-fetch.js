/** Asks again for what is being fetched, when the service says to, until it is there or the time is up. */
export function createPatientFetch({ fetch, waitMs }) {
    if (waitMs <= 0)
        return fetch;
    return async (request) => {
        const end = Date.now() + waitMs;
        for (;;) {
            const response = await fetch(request.clone());
            const pauseMs = pauseMsOf(response);
            if (response.status !== 202 || request.method !== 'GET' || Date.now() + pauseMs > end)
                return response;
            await pause(pauseMs, request.signal);
        }
    };
}
/** At least a second, whatever stands between us and the service makes of the header. */
function pauseMsOf({ headers }) {
    return 1000 * Math.max(1, Number(headers.get('retry-after')) || 1);
}
function pause(ms, signal) {
    return new Promise((resolve, reject) => {
        if (signal.aborted)
            return reject(signal.reason);
        const onAbort = () => {
            clearTimeout(timer);
            reject(signal.reason);
        };
        const timer = setTimeout(() => {
            signal.removeEventListener('abort', onAbort);
            resolve();
        }, ms);
        signal.addEventListener('abort', onAbort, { once: true });
    });
}
