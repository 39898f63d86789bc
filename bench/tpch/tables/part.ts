import { countParts } from '../cardinalities.js';
import { createCommentColumn, makeComment } from '../comment-text.js';
import { computeRetailPrice } from '../part-suppliers.js';
import { createRandomStream, drawInteger } from '../random.js';
import { type ColumnSpec, generateByRow, type TableGenerator } from '../table-generator.js';
import { BRANDS, COLORS, CONTAINERS, MANUFACTURERS, PART_TYPES } from '../word-lists.js';

const columns: readonly ColumnSpec[] = [
  { name: 'p_partkey', kind: 'bigint' },
  { name: 'p_name', kind: 'text' },
  { name: 'p_mfgr', kind: 'choice', entries: MANUFACTURERS },
  { name: 'p_brand', kind: 'choice', entries: BRANDS },
  { name: 'p_type', kind: 'choice', entries: PART_TYPES },
  { name: 'p_size', kind: 'integer' },
  { name: 'p_container', kind: 'choice', entries: CONTAINERS },
  { name: 'p_retailprice', kind: 'money' },
  { name: 'p_comment', kind: 'text' },
];

const WORDS_PER_NAME = 5;
const names = createRandomStream('p_name');
const brands = createRandomStream('p_brand');
const types = createRandomStream('p_type');
const sizes = createRandomStream('p_size');
const containers = createRandomStream('p_container');
const comments = createCommentColumn('p_comment', 5, 22);

/** Five different colours: the first steps of a shuffle of all of them. */
function makePartName(row: number): string {
  const shuffled = [...COLORS];
  for (let word = 0; word < WORDS_PER_NAME; word++) {
    const chosen = drawInteger(names, row * WORDS_PER_NAME + word, word, shuffled.length - 1);
    [shuffled[word], shuffled[chosen]] = [shuffled[chosen]!, shuffled[word]!];
  }
  return shuffled.slice(0, WORDS_PER_NAME).join(' ');
}

export const part: TableGenerator = {
  name: 'part',
  columns,
  estimateRowCount: countParts,
  generate: (scale) =>
    generateByRow(columns, countParts(scale), (values, slot, row) => {
      const brand = drawInteger(brands, row, 0, BRANDS.length - 1);
      values[0]![slot] = row + 1;
      values[1]![slot] = makePartName(row);
      values[2]![slot] = Math.floor(brand / 5);
      values[3]![slot] = brand;
      values[4]![slot] = drawInteger(types, row, 0, PART_TYPES.length - 1);
      values[5]![slot] = drawInteger(sizes, row, 1, 50);
      values[6]![slot] = drawInteger(containers, row, 0, CONTAINERS.length - 1);
      values[7]![slot] = computeRetailPrice(row + 1);
      values[8]![slot] = makeComment(comments, row);
    }),
};
