import { countOrders, MAXIMUM_LINES_PER_ORDER } from '../cardinalities.js';
import { createCommentColumn, makeComment } from '../comment-text.js';
import {
  CURRENT_DATE,
  computeOrderKey,
  createOrderLine,
  drawLineCount,
  drawOrderDate,
  fillOrderLine,
  isLineOpen,
  type OrderLine,
} from '../order-lines.js';
import { createRandomStream, drawInteger } from '../random.js';
import {
  BATCH_ROW_CAPACITY,
  type ColumnSpec,
  type ColumnValues,
  createBatch,
  type TableBatch,
  type TableGenerator,
} from '../table-generator.js';
import { SHIP_INSTRUCTIONS, SHIP_MODES } from '../word-lists.js';

const RETURN_FLAGS = ['A', 'R', 'N'];
const NOT_RETURNED = 2;
const LINE_STATUSES = ['F', 'O'];

const columns: readonly ColumnSpec[] = [
  { name: 'l_orderkey', kind: 'bigint' },
  { name: 'l_partkey', kind: 'bigint' },
  { name: 'l_suppkey', kind: 'bigint' },
  { name: 'l_linenumber', kind: 'bigint' },
  { name: 'l_quantity', kind: 'money' },
  { name: 'l_extendedprice', kind: 'money' },
  { name: 'l_discount', kind: 'money' },
  { name: 'l_tax', kind: 'money' },
  { name: 'l_returnflag', kind: 'choice', entries: RETURN_FLAGS },
  { name: 'l_linestatus', kind: 'choice', entries: LINE_STATUSES },
  { name: 'l_shipdate', kind: 'date' },
  { name: 'l_commitdate', kind: 'date' },
  { name: 'l_receiptdate', kind: 'date' },
  { name: 'l_shipinstruct', kind: 'choice', entries: SHIP_INSTRUCTIONS },
  { name: 'l_shipmode', kind: 'choice', entries: SHIP_MODES },
  { name: 'l_comment', kind: 'text' },
];

const returnFlags = createRandomStream('l_returnflag');
const shipInstructions = createRandomStream('l_shipinstruct');
const shipModes = createRandomStream('l_shipmode');
const comments = createCommentColumn('l_comment', 10, 43);

function fillRow(values: readonly ColumnValues[], slot: number, order: number, number: number, line: OrderLine): void {
  const index = order * MAXIMUM_LINES_PER_ORDER + number;
  values[0]![slot] = computeOrderKey(order);
  values[1]![slot] = line.partKey;
  values[2]![slot] = line.supplierKey;
  values[3]![slot] = number + 1;
  values[4]![slot] = line.quantity * 100;
  values[5]![slot] = line.extendedPrice;
  values[6]![slot] = line.discount;
  values[7]![slot] = line.tax;
  values[8]![slot] = line.receiptDate <= CURRENT_DATE ? drawInteger(returnFlags, index, 0, 1) : NOT_RETURNED;
  values[9]![slot] = isLineOpen(line) ? 1 : 0;
  values[10]![slot] = line.shipDate;
  values[11]![slot] = line.commitDate;
  values[12]![slot] = line.receiptDate;
  values[13]![slot] = drawInteger(shipInstructions, index, 0, SHIP_INSTRUCTIONS.length - 1);
  values[14]![slot] = drawInteger(shipModes, index, 0, SHIP_MODES.length - 1);
  values[15]![slot] = makeComment(comments, index);
}

function* generateLines(scale: number): Generator<TableBatch> {
  const batch = createBatch(columns);
  const line = createOrderLine();
  const orderCount = countOrders(scale);
  for (let order = 0; order < orderCount; order++) {
    const orderDate = drawOrderDate(order);
    const lineCount = drawLineCount(order);
    for (let number = 0; number < lineCount; number++) {
      fillOrderLine(line, order, number, orderDate, scale);
      fillRow(batch.columns, batch.rowCount++, order, number, line);
      if (batch.rowCount === BATCH_ROW_CAPACITY) {
        yield batch;
        batch.rowCount = 0;
      }
    }
  }
  if (batch.rowCount > 0) yield batch;
}

export const lineitem: TableGenerator = {
  name: 'lineitem',
  columns,
  estimateRowCount: (scale) => countOrders(scale) * 4,
  generate: generateLines,
};
