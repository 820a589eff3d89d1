import { until } from './until.ts';

/**
 * Waits for a moment at which no schedule begins soon, and what one began is over: they begin with a minute. So a test can
 * say what a quiet service does.
 */
export const betweenSchedules = () =>
  until(() => {
    const second = new Date().getUTCSeconds();
    return second >= 4 && second < 40;
  });
