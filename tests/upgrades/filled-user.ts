/** Of whom each released version's fixture has rows of every kind. */
export const user = {
  name: 'Ada',
  email: 'ada@example.org',
  password: 'seven green umbrellas',
  date_of_birth: '1990-02-03',
};

/** What the fixture's version answered is asked again after the upgrade. */
export const askedPaths = [
  '/api/movies/550',
  '/api/movies/trending?limit=3',
  '/api/movies/550/recommendations?limit=3',
  '/api/movies?query=fight&limit=3',
  '/api/genres',
  '/api/user/profile',
  '/api/user/preferences',
  '/api/user/interactions',
  '/api/user/recommendations?limit=5',
];

export async function signIn(url: string): Promise<string> {
  const answer = await fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: user.email, password: user.password }),
  });
  const { data } = (await answer.json()) as { data?: { access_token: string } };
  if (data === undefined) throw new Error(`signing in: ${answer.status}`);
  return data.access_token;
}
