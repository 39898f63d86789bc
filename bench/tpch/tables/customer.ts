import { countCustomers } from '../cardinalities.js';
import { createCommentColumn, makeComment } from '../comment-text.js';
import { createPhoneColumn, makeAddress, makeNumberedName, makePhone } from '../party-values.js';
import { createRandomStream, drawInteger } from '../random.js';
import { type ColumnSpec, generateByRow, type TableGenerator } from '../table-generator.js';
import { MARKET_SEGMENTS, NATIONS } from '../word-lists.js';

const columns: readonly ColumnSpec[] = [
  { name: 'c_custkey', kind: 'bigint' },
  { name: 'c_name', kind: 'text' },
  { name: 'c_address', kind: 'text' },
  { name: 'c_nationkey', kind: 'integer' },
  { name: 'c_phone', kind: 'text' },
  { name: 'c_acctbal', kind: 'money' },
  { name: 'c_mktsegment', kind: 'choice', entries: MARKET_SEGMENTS },
  { name: 'c_comment', kind: 'text' },
];

const addresses = createRandomStream('c_address');
const nationKeys = createRandomStream('c_nationkey');
const phones = createPhoneColumn('c_phone');
const balances = createRandomStream('c_acctbal');
const segments = createRandomStream('c_mktsegment');
const comments = createCommentColumn('c_comment', 29, 116);

export const customer: TableGenerator = {
  name: 'customer',
  columns,
  estimateRowCount: countCustomers,
  generate: (scale) =>
    generateByRow(columns, countCustomers(scale), (values, slot, row) => {
      const nationKey = drawInteger(nationKeys, row, 0, NATIONS.length - 1);
      values[0]![slot] = row + 1;
      values[1]![slot] = makeNumberedName('Customer', row + 1);
      values[2]![slot] = makeAddress(addresses, row);
      values[3]![slot] = nationKey;
      values[4]![slot] = makePhone(phones, row, nationKey);
      values[5]![slot] = drawInteger(balances, row, -99_999, 999_999);
      values[6]![slot] = drawInteger(segments, row, 0, MARKET_SEGMENTS.length - 1);
      values[7]![slot] = makeComment(comments, row);
    }),
};
