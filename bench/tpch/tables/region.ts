import { createCommentColumn, makeComment } from '../comment-text.js';
import { type ColumnSpec, generateByRow, type TableGenerator } from '../table-generator.js';
import { REGIONS } from '../word-lists.js';

const columns: readonly ColumnSpec[] = [
  { name: 'r_regionkey', kind: 'integer' },
  { name: 'r_name', kind: 'text' },
  { name: 'r_comment', kind: 'text' },
];
const comments = createCommentColumn('r_comment', 31, 115);

export const region: TableGenerator = {
  name: 'region',
  columns,
  estimateRowCount: () => REGIONS.length,
  generate: () =>
    generateByRow(columns, REGIONS.length, (values, slot, row) => {
      values[0]![slot] = row;
      values[1]![slot] = REGIONS[row]!;
      values[2]![slot] = makeComment(comments, row);
    }),
};
