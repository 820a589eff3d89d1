/** The bodies TMDb sends when it does not do what was asked, by their code. */
const refusals = {
  5: [422, 'Invalid parameters: Your request parameters are incorrect.'],
  6: [404, 'Invalid id: The pre-requisite id is invalid or not found.'],
  7: [401, 'Invalid API key: You must be granted a valid key.'],
  9: [503, 'Service offline: This service is temporarily offline, try again later.'],
  10: [401, 'Suspended API key: Access to your account has been suspended, contact TMDB.'],
  11: [500, 'Internal error: Something went wrong, contact TMDB.'],
  20: [422, 'Invalid date range: Should be a range no longer than 14 days.'],
  21: [200, 'Entry not found: The item you are trying to edit cannot be found.'],
  22: [400, 'Invalid page: Pages start at 1 and max at 500. They are expected to be an integer.'],
  25: [429, 'Your request count (#) is over the allowed limit of (40).'],
  27: [400, 'Too many append to response objects: The maximum number of remote calls is 20.'],
  34: [404, 'The resource you requested could not be found.'],
  44: [500, 'The ID is invalid.'],
} as const satisfies Record<number, readonly [status: number, message: string]>;

export type RefusalCode = keyof typeof refusals;

export function refuse(code: RefusalCode, headers: Record<string, string> = {}): Response {
  const [status, message] = refusals[code];
  // The modern 429 comes without `success`, as recorded from the real service.
  const body = { ...(code === 25 ? {} : { success: false }), status_code: code, status_message: message };
  return Response.json(body, { status, headers });
}
