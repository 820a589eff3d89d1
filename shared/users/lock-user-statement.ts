/**
 * Whoever writes what is a user's waits here for whoever else does: one at a time for each user, and in one order for
 * all. No row: the account is gone. $1: user.
 */
export const lockUserStatement = 'select 1 from users where id = $1 for no key update';
