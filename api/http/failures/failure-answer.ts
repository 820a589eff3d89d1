declare const failed: unique symbol;

/** What a failure was answered with, as far as the compiler knows: every route may hand it over. */
export interface FailureAnswer {
  readonly [failed]: true;
}
