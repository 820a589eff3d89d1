const seen = /[^\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Whether there is nothing in a text that could be seen: it says no more than an empty one. */
export const isBlank = (text: string): boolean => !isPrintable(text.charCodeAt(0)) && !seen.test(text);

/** Of ASCII, what most texts begin with: to look takes a tenth of the time. */
const isPrintable = (code: number) => code > 0x20 && code < 0x7f;

/** A text that says something; `null` for all else. */
export const textOf = (value: unknown): string | null =>
  typeof value === 'string' && !isBlank(value) ? value : null;
