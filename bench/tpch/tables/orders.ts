import { countClerks, countOrders } from '../cardinalities.js';
import { createCommentColumn, makeComment } from '../comment-text.js';
import {
  computeLineTotal,
  computeOrderKey,
  createOrderLine,
  drawCustomerKey,
  drawLineCount,
  drawOrderDate,
  fillOrderLine,
  isLineOpen,
} from '../order-lines.js';
import { makeNumberedName } from '../party-values.js';
import { createRandomStream, drawInteger } from '../random.js';
import { type ColumnSpec, generateByRow, type TableGenerator } from '../table-generator.js';
import { ORDER_PRIORITIES } from '../word-lists.js';

const ORDER_STATUSES = ['F', 'O', 'P'];
const FINISHED = 0;
const OPEN = 1;
const PARTIAL = 2;

const columns: readonly ColumnSpec[] = [
  { name: 'o_orderkey', kind: 'bigint' },
  { name: 'o_custkey', kind: 'bigint' },
  { name: 'o_orderstatus', kind: 'choice', entries: ORDER_STATUSES },
  { name: 'o_totalprice', kind: 'money' },
  { name: 'o_orderdate', kind: 'date' },
  { name: 'o_orderpriority', kind: 'choice', entries: ORDER_PRIORITIES },
  { name: 'o_clerk', kind: 'text' },
  { name: 'o_shippriority', kind: 'integer' },
  { name: 'o_comment', kind: 'text' },
];

const priorities = createRandomStream('o_orderpriority');
const clerks = createRandomStream('o_clerk');
const comments = createCommentColumn('o_comment', 19, 78);

export const orders: TableGenerator = {
  name: 'orders',
  columns,
  estimateRowCount: countOrders,
  generate: (scale) => {
    const clerkCount = countClerks(scale);
    const line = createOrderLine();
    return generateByRow(columns, countOrders(scale), (values, slot, order) => {
      const orderDate = drawOrderDate(order);
      const lineCount = drawLineCount(order);
      let totalPrice = 0;
      let openLines = 0;
      for (let number = 0; number < lineCount; number++) {
        fillOrderLine(line, order, number, orderDate, scale);
        totalPrice += computeLineTotal(line);
        if (isLineOpen(line)) openLines++;
      }
      values[0]![slot] = computeOrderKey(order);
      values[1]![slot] = drawCustomerKey(order, scale);
      values[2]![slot] = openLines === 0 ? FINISHED : openLines === lineCount ? OPEN : PARTIAL;
      values[3]![slot] = totalPrice;
      values[4]![slot] = orderDate;
      values[5]![slot] = drawInteger(priorities, order, 0, ORDER_PRIORITIES.length - 1);
      values[6]![slot] = makeNumberedName('Clerk', drawInteger(clerks, order, 1, clerkCount));
      values[7]![slot] = 0;
      values[8]![slot] = makeComment(comments, order);
    });
  },
};
