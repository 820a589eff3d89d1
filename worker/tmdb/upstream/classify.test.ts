import { describe, expect, test } from 'bun:test';
import { classifyAnswer, type UpstreamErrorCode } from './classify.ts';

const said = (status_code: number) => ({ success: false, status_code, status_message: 'in TMDb’s words' });

const table: [status: number, code: number, verdict: UpstreamErrorCode][] = [
  [404, 34, 'upstream_not_found'],
  [404, 6, 'upstream_not_found'],
  [404, 37, 'upstream_not_found'],
  [500, 44, 'upstream_not_found'],
  [200, 21, 'upstream_not_found'],
  [200, 34, 'upstream_not_found'],
  [401, 7, 'upstream_key_rejected'],
  [401, 10, 'upstream_key_rejected'],
  [401, 3, 'upstream_key_rejected'],
  [403, 10, 'upstream_key_rejected'],
  [200, 7, 'upstream_key_rejected'],
  ...[14, 16, 17, 30, 31, 32, 33, 35, 36, 38, 39].map((code): [number, number, UpstreamErrorCode] => [
    401,
    code,
    'upstream_key_rejected',
  ]),
  [429, 25, 'upstream_rate_limited'],
  [503, 25, 'upstream_rate_limited'],
  [503, 9, 'upstream_unavailable'],
  [503, 46, 'upstream_unavailable'],
  [500, 11, 'upstream_unavailable'],
  [500, 15, 'upstream_unavailable'],
  [504, 24, 'upstream_unavailable'],
  [502, 43, 'upstream_unavailable'],
  [200, 11, 'upstream_unavailable'],
  [501, 2, 'upstream_unavailable'],
  [403, 45, 'upstream_unavailable'],
  [403, 8, 'upstream_unavailable'],
  [404, 11, 'upstream_unavailable'],
  [500, 34, 'upstream_unavailable'],
  [422, 5, 'upstream_refused_request'],
  [400, 18, 'upstream_refused_request'],
  [422, 20, 'upstream_refused_request'],
  [400, 22, 'upstream_refused_request'],
  [400, 23, 'upstream_refused_request'],
  [400, 27, 'upstream_refused_request'],
  [400, 47, 'upstream_refused_request'],
  [200, 22, 'upstream_refused_request'],
  [405, 4, 'upstream_refused_request'],
  [405, 42, 'upstream_refused_request'],
  [406, 19, 'upstream_refused_request'],
  [400, 26, 'upstream_refused_request'],
  [422, 41, 'upstream_refused_request'],
];

describe('an answer that says what is wrong', () => {
  test.each(table)('HTTP %d with code %d is %s', (status, code, verdict) => {
    expect(classifyAnswer({ status, json: said(code) })).toBe(verdict);
  });
});

describe('an answer that TMDb did not write', () => {
  test.each([200, 204, 301, 302, 307, 400, 403, 404, 405, 422, 500, 502, 503, 504, 418])(
    'HTTP %d without JSON is trouble on the way',
    (status) => {
      expect(classifyAnswer({ status, json: undefined })).toBe('upstream_unavailable');
    },
  );

  test.each([201, 301, 403, 410, 500, 502])('HTTP %d with any JSON object is trouble too', (status) => {
    expect(classifyAnswer({ status, json: { message: 'hello' } })).toBe('upstream_unavailable');
  });

  test.each([[null], ['text'], [1], [[]], [true]])('a body that is %p is no data', (json) => {
    expect(classifyAnswer({ status: 200, json })).toBe('upstream_unavailable');
  });
});

describe('an answer that is odd', () => {
  test('a 429 needs neither `success` nor a code', () => {
    expect(classifyAnswer({ status: 429, json: { status_message: 'slow down' } })).toBe(
      'upstream_rate_limited',
    );
    expect(classifyAnswer({ status: 429, json: undefined })).toBe('upstream_rate_limited');
  });

  test('any 401 is about our key, whatever its body', () => {
    for (const json of [undefined, {}, said(34), 'no'])
      expect(classifyAnswer({ status: 401, json })).toBe('upstream_key_rejected');
  });

  test('a 404 that is an object without a code still says that there is no such thing', () => {
    expect(classifyAnswer({ status: 404, json: { success: false } })).toBe('upstream_not_found');
  });

  test('the old form of a refused page is our mistake', () => {
    expect(
      classifyAnswer({ status: 422, json: { errors: ['page must be less than or equal to 500'] } }),
    ).toBe('upstream_refused_request');
  });

  test('an error dressed as success without a known code is trouble, never data', () => {
    expect(classifyAnswer({ status: 200, json: { success: false } })).toBe('upstream_unavailable');
    expect(classifyAnswer({ status: 200, json: said(99) })).toBe('upstream_unavailable');
  });

  test('a code that is no integer is no code', () => {
    expect(classifyAnswer({ status: 404, json: { status_code: '34' } })).toBe('upstream_not_found');
    expect(classifyAnswer({ status: 200, json: { status_code: null, id: 1 } })).toBeUndefined();
  });
});

describe('an answer that is fine', () => {
  test('data is data', () => {
    expect(classifyAnswer({ status: 200, json: { id: 550, status: 'Released' } })).toBeUndefined();
    expect(classifyAnswer({ status: 200, json: { success: true, status_code: 1 } })).toBeUndefined();
  });
});
