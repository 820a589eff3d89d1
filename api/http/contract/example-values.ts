/** Invented values that the examples of several models share. */
export const exampleTime = '2026-11-20T08:15:30.000Z';
export const exampleUserId = '01a2b3c4-d5e6-7f80-91a2-b3c4d5e6f708';
export const exampleRunId = '01a2b3c4-d5e6-7f80-91a2-b3c4d5e6f709';
