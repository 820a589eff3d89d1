/** Failures that have a line of their own in the security log: whoever answers them writes no second one. */
export const recordedRefusals = new WeakSet<object>();
