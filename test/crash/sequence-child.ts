/** Takes numbers, and says which once it has them: `sequence-child.js LAKE TIMES`. */
import { writeSync } from 'node:fs';
import { reserveNumbers } from '../../src/storage/commit/number-sequence.js';
import { LocalObjectStore } from '../../src/storage/local/local-object-store.js';
import { NUMBERS } from './sequence-numbers.js';

const [lake, times] = process.argv.slice(2) as [string, string];
const store = new LocalObjectStore();
for (let i = 0; i < Number(times); i++) {
  const count = 1 + (i % 3);
  writeSync(1, `${await reserveNumbers(store, lake, NUMBERS, count, 't_id_seq')} ${count}\n`);
}
