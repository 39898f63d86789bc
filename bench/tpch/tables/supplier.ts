import { countSuppliers } from '../cardinalities.js';
import { createCommentColumn, makeComment } from '../comment-text.js';
import { createPhoneColumn, makeAddress, makeNumberedName, makePhone } from '../party-values.js';
import { createRandomStream, drawInteger } from '../random.js';
import { type ColumnSpec, generateByRow, type TableGenerator } from '../table-generator.js';
import { NATIONS } from '../word-lists.js';

const columns: readonly ColumnSpec[] = [
  { name: 's_suppkey', kind: 'bigint' },
  { name: 's_name', kind: 'text' },
  { name: 's_address', kind: 'text' },
  { name: 's_nationkey', kind: 'integer' },
  { name: 's_phone', kind: 'text' },
  { name: 's_acctbal', kind: 'money' },
  { name: 's_comment', kind: 'text' },
];

const addresses = createRandomStream('s_address');
const nationKeys = createRandomStream('s_nationkey');
const phones = createPhoneColumn('s_phone');
const balances = createRandomStream('s_acctbal');
const comments = createCommentColumn('s_comment', 25, 100);
const complainedAbout = createRandomStream('s_comment complaints');
const recommended = createRandomStream('s_comment recommends');
const remarkGaps = createRandomStream('s_comment gap');
const remarkStarts = createRandomStream('s_comment start');

/** Of 2,000 suppliers one is complained about and one is recommended: 5 each in 10,000 (specification 4.3, S_COMMENT). */
const REMARK_BLOCK_ROWS = 2000;

/** Writes `Customer … Complaints` over a part of the comment, with what the gap leaves of the text in between. */
function writeRemark(comment: string, remark: string, row: number): string {
  const room = comment.length - 'Customer '.length - remark.length;
  const gap = drawInteger(remarkGaps, row, 0, room);
  const start = drawInteger(remarkStarts, row, 0, room - gap);
  const gapStart = start + 'Customer '.length;
  const between = comment.substring(gapStart, gapStart + gap);
  return `${comment.substring(0, start)}Customer ${between}${remark}${comment.substring(gapStart + gap + remark.length)}`;
}

function makeSupplierComment(row: number, supplierCount: number): string {
  const comment = makeComment(comments, row);
  const block = Math.floor(row / REMARK_BLOCK_ROWS);
  const firstRow = block * REMARK_BLOCK_ROWS;
  const lastRow = Math.min(firstRow + REMARK_BLOCK_ROWS, supplierCount) - 1;
  if (row === drawInteger(complainedAbout, block, firstRow, lastRow)) return writeRemark(comment, 'Complaints', row);
  if (row === drawInteger(recommended, block, firstRow, lastRow)) return writeRemark(comment, 'Recommends', row);
  return comment;
}

export const supplier: TableGenerator = {
  name: 'supplier',
  columns,
  estimateRowCount: countSuppliers,
  generate: (scale) => {
    const supplierCount = countSuppliers(scale);
    return generateByRow(columns, supplierCount, (values, slot, row) => {
      const nationKey = drawInteger(nationKeys, row, 0, NATIONS.length - 1);
      values[0]![slot] = row + 1;
      values[1]![slot] = makeNumberedName('Supplier', row + 1);
      values[2]![slot] = makeAddress(addresses, row);
      values[3]![slot] = nationKey;
      values[4]![slot] = makePhone(phones, row, nationKey);
      values[5]![slot] = drawInteger(balances, row, -99_999, 999_999);
      values[6]![slot] = makeSupplierComment(row, supplierCount);
    });
  },
};
