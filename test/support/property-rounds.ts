/** How many times as many random cases as `npm test` has: `npm run verify` looks further. */
export const PROPERTY_ROUNDS: number = Number(process.env.PROPERTY_ROUNDS ?? 1);
