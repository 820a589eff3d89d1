import type { ErrorCode } from '#shared/errors.ts';

/** An answer of TMDb's as it came: `json` is `undefined` where the body was none. */
export interface Answer {
  status: number;
  json: unknown;
}

export type UpstreamErrorCode = Extract<ErrorCode, `upstream_${string}`>;

/** Body codes that say the same thing under whatever HTTP status they come. */
const keyCodes = new Set([3, 7, 10]);
const rateCodes = new Set([25]);
const troubleCodes = new Set([9, 11, 15, 24, 43, 46]);
const refusedCodes = new Set([5, 18, 20, 22, 23, 27, 47]);
const fineCodes = new Set([1, 12, 13, 40]);

/** "No such resource", but only where it is what the HTTP status says too: 44 is TMDb's permanent HTTP 500. */
const absentCodes: Record<number, readonly number[]> = {
  6: [200, 404],
  21: [200, 404],
  34: [200, 404],
  37: [404],
  44: [200, 400, 404, 500],
};

/**
 * What went wrong, by HTTP status and body code together; `undefined`: nothing, the body is data.
 * What TMDb did not say itself (HTML, an empty body, a redirect, a proxy's 403) is trouble on the way.
 */
export function classifyAnswer({ status, json }: Answer): UpstreamErrorCode | undefined {
  const body = isObject(json) ? json : undefined;
  const code = bodyCode(body);
  if (status === 401 || (code !== undefined && keyCodes.has(code))) return 'upstream_key_rejected';
  if (status === 429 || (code !== undefined && rateCodes.has(code))) return 'upstream_rate_limited';
  if (code !== undefined && absentCodes[code]?.includes(status)) return 'upstream_not_found';
  if (body === undefined || (code !== undefined && troubleCodes.has(code))) return 'upstream_unavailable';
  if (status === 200) return classifySuccess(body, code);
  // A 404 without TMDb's code, but an object all the same: a stand-in's way of saying it.
  if (status === 404 && code === undefined) return 'upstream_not_found';
  return isRefusal(status, code) ? 'upstream_refused_request' : 'upstream_unavailable';
}

/** An error dressed as success must never be taken for data. */
function classifySuccess(body: Record<string, unknown>, code: number | undefined) {
  if (code !== undefined && refusedCodes.has(code)) return 'upstream_refused_request';
  if (body.success === false || (code !== undefined && !fineCodes.has(code))) return 'upstream_unavailable';
  return undefined;
}

function isRefusal(status: number, code: number | undefined): boolean {
  if (code !== undefined && refusedCodes.has(code)) return status < 500;
  return status === 400 || status === 405 || status === 406 || status === 422;
}

function bodyCode(body: Record<string, unknown> | undefined): number | undefined {
  const code = body?.status_code;
  return typeof code === 'number' && Number.isInteger(code) ? code : undefined;
}

function isObject(json: unknown): json is Record<string, unknown> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
