import { raw } from '#shared/db/sql.ts';

/** One movie of so many is in the sample: enough that a count of 10,000 is wrong by 4 % as a rule. */
export const sampledOf = 16;

/** Says of a movie's own id (not TMDb's) whether the movie is in the sample: by chance, and always the same ones. */
export const sampledText = (id: string): string => `(hashint8(${id}) & ${sampledOf - 1}) = 0`;

export const isSampled = (id: string) => raw(sampledText(id));
