/**
 * What every answer is sent with. What is no page can load, run and be framed by nothing when somebody opens it in a
 * browser; pages have policies of their own.
 */
export const safeHeaders = {
  'x-content-type-options': 'nosniff',
  'content-security-policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
} as const;
