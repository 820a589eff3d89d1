import type { Role } from '#shared/users/user.ts';

/** Who asks, as a token has proved it. */
export interface Viewer {
  userId: string;
  sessionId: string;
  role: Role;
  /** `YYYY-MM-DD`. */
  dateOfBirth: string | null;
  /** `XX` */
  country: string | null;
  /** Another one after every change of their interactions and preferences: for what is kept ready for them. */
  tasteVersion: string;
}

/** Whose live session a token belongs to; `undefined` for any other token. */
export type VerifyToken = (token: string) => Promise<Viewer | undefined>;
