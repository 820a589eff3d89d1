import { openAccount, type TestAccount } from './account-fixture.ts';
import type { TestApi } from './api-fixture.ts';
import type { TestResponse } from './test-response.ts';

export interface TestUser extends TestAccount {
  get(path: string, headers?: Record<string, string>): Promise<TestResponse>;
  post(path: string, body: unknown): Promise<TestResponse>;
  remove(path: string): Promise<TestResponse>;
}

/** Somebody who is signed in, and what they ask. */
export async function openUser(
  api: Pick<TestApi, 'pool' | 'get' | 'request'>,
  options: Parameters<typeof openAccount>[1] = {},
): Promise<TestUser> {
  const account = await openAccount(api, options);
  const { headers } = account;
  return {
    ...account,
    get: (path, others = {}) => api.get(path, { ...others, ...headers }),
    post: (path, body) =>
      api.request(path, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    remove: (path) => api.request(path, { method: 'DELETE', headers }),
  };
}
