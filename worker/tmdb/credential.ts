import type { TmdbCredential } from '#shared/config.ts';

/** Where and with what to ask: a token goes into a header; a v3 key must go into the query, as TMDb wants it. */
export function authorize(url: URL, credential: TmdbCredential | undefined): Record<string, string> {
  if (credential?.kind === 'token') return { authorization: `Bearer ${credential.token}` };
  if (credential?.kind === 'key') url.searchParams.set('api_key', credential.key);
  return {};
}

/** What to tell the operator when TMDb does not accept it. */
export function rejectionReason(credential: TmdbCredential | undefined): string {
  if (credential?.kind === 'token')
    return 'TMDb rejects the token in TMDB_ACCESS_TOKEN. It must be the "API Read Access Token" of an active TMDb account.';
  if (credential?.kind === 'key')
    return 'TMDb rejects the key in TMDB_API_KEY. It must be the "API Key" of an active TMDb account.';
  return 'TMDb asks for a credential: set TMDB_ACCESS_TOKEN or TMDB_API_KEY.';
}
