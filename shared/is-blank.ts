const seen = /[^\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Whether there is nothing in a text that could be seen: it says no more than an empty one. */
export const isBlank = (text: string): boolean => !seen.test(text);
