import { countParts, countSuppliers, SUPPLIERS_PER_PART } from '../cardinalities.js';
import { createCommentColumn, makeComment } from '../comment-text.js';
import { computeSupplierKey } from '../part-suppliers.js';
import { createRandomStream, drawInteger } from '../random.js';
import { type ColumnSpec, generateByRow, type TableGenerator } from '../table-generator.js';

const columns: readonly ColumnSpec[] = [
  { name: 'ps_partkey', kind: 'bigint' },
  { name: 'ps_suppkey', kind: 'bigint' },
  { name: 'ps_availqty', kind: 'bigint' },
  { name: 'ps_supplycost', kind: 'money' },
  { name: 'ps_comment', kind: 'text' },
];

const quantities = createRandomStream('ps_availqty');
const costs = createRandomStream('ps_supplycost');
const comments = createCommentColumn('ps_comment', 49, 198);

export const partsupp: TableGenerator = {
  name: 'partsupp',
  columns,
  estimateRowCount: (scale) => countParts(scale) * SUPPLIERS_PER_PART,
  generate: (scale) => {
    const supplierCount = countSuppliers(scale);
    return generateByRow(columns, countParts(scale) * SUPPLIERS_PER_PART, (values, slot, row) => {
      const partKey = Math.floor(row / SUPPLIERS_PER_PART) + 1;
      values[0]![slot] = partKey;
      values[1]![slot] = computeSupplierKey(partKey, row % SUPPLIERS_PER_PART, supplierCount);
      values[2]![slot] = drawInteger(quantities, row, 1, 9999);
      values[3]![slot] = drawInteger(costs, row, 100, 100_000);
      values[4]![slot] = makeComment(comments, row);
    });
  },
};
