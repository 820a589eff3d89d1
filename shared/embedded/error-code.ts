/** The code of a system or database error (`ENOENT`, `57P03`), if it has one. */
export const errorCodeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
