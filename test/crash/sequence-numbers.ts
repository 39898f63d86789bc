import type { NumberSequence } from '../../src/storage/commit/number-sequence.js';

/** What the processes of these tests take their numbers from. */
export const NUMBERS: NumberSequence = { id: 'id-1', start: '1', increment: '1', least: '1', greatest: '1000000' };
