import { createCommentColumn, makeComment } from '../comment-text.js';
import { type ColumnSpec, generateByRow, type TableGenerator } from '../table-generator.js';
import { NATIONS } from '../word-lists.js';

const columns: readonly ColumnSpec[] = [
  { name: 'n_nationkey', kind: 'integer' },
  { name: 'n_name', kind: 'text' },
  { name: 'n_regionkey', kind: 'integer' },
  { name: 'n_comment', kind: 'text' },
];
const comments = createCommentColumn('n_comment', 31, 114);

export const nation: TableGenerator = {
  name: 'nation',
  columns,
  estimateRowCount: () => NATIONS.length,
  generate: () =>
    generateByRow(columns, NATIONS.length, (values, slot, row) => {
      const [name, region] = NATIONS[row]!;
      values[0]![slot] = row;
      values[1]![slot] = name;
      values[2]![slot] = region;
      values[3]![slot] = makeComment(comments, row);
    }),
};
