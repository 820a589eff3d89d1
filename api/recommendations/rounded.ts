/** Six decimals: what is shown is what is compared. */
export const rounded = (value: number): number => Math.round(value * 1e6) / 1e6 + 0;
