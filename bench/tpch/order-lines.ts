import {
  countCustomers,
  countParts,
  countSuppliers,
  MAXIMUM_LINES_PER_ORDER,
  SUPPLIERS_PER_PART,
} from './cardinalities.js';
import { computeRetailPrice, computeSupplierKey } from './part-suppliers.js';
import { createRandomStream, drawInteger } from './random.js';

/**
 * What orders and lineitem share. Orders are numbered from 0; line `l` of order `o` draws number 7·o + l of its
 * streams. Dates are days since 1970-01-01, prices are cents.
 */

const START_DATE = 8035; // 1992-01-01
const END_DATE = 10_591; // 1998-12-31
/** 1995-06-17, the day on which the data is looked at (specification 4.2.2.12). */
export const CURRENT_DATE = 9298;
const LAST_ORDER_DATE = END_DATE - 151;

const customerKeys = createRandomStream('o_custkey');
const orderDates = createRandomStream('o_orderdate');
const lineCounts = createRandomStream('o_lines');
const partKeys = createRandomStream('l_partkey');
const supplierChoices = createRandomStream('l_suppkey');
const quantities = createRandomStream('l_quantity');
const discounts = createRandomStream('l_discount');
const taxes = createRandomStream('l_tax');
const shipDelays = createRandomStream('l_shipdate');
const commitDelays = createRandomStream('l_commitdate');
const receiptDelays = createRandomStream('l_receiptdate');

/** Keys are sparse: of 32 consecutive ones only the first 8 are used (specification 4.2.3, O_ORDERKEY). */
export function computeOrderKey(order: number): number {
  const number = order + 1;
  return Math.floor(number / 8) * 32 + (number % 8);
}

/** One customer in three has no orders: keys divisible by 3 are left out. */
export function drawCustomerKey(order: number, scale: number): number {
  const customerCount = countCustomers(scale);
  const choice = drawInteger(customerKeys, order, 0, customerCount - Math.floor(customerCount / 3) - 1);
  return Math.floor(choice / 2) * 3 + (choice % 2) + 1;
}

export const drawOrderDate = (order: number): number => drawInteger(orderDates, order, START_DATE, LAST_ORDER_DATE);

export const drawLineCount = (order: number): number => drawInteger(lineCounts, order, 1, MAXIMUM_LINES_PER_ORDER);

/** The columns of a line that orders depend on, or that are computed together. */
export interface OrderLine {
  partKey: number;
  supplierKey: number;
  quantity: number;
  extendedPrice: number;
  /** Per cent. */
  discount: number;
  /** Per cent. */
  tax: number;
  shipDate: number;
  commitDate: number;
  receiptDate: number;
}

export const createOrderLine = (): OrderLine => ({
  partKey: 0,
  supplierKey: 0,
  quantity: 0,
  extendedPrice: 0,
  discount: 0,
  tax: 0,
  shipDate: 0,
  commitDate: 0,
  receiptDate: 0,
});

/** Writes line `line` (from 0) of an order into `target`, which callers use again for every line. */
export function fillOrderLine(
  target: OrderLine,
  order: number,
  line: number,
  orderDate: number,
  scale: number,
): OrderLine {
  const index = order * MAXIMUM_LINES_PER_ORDER + line;
  target.partKey = drawInteger(partKeys, index, 1, countParts(scale));
  const choice = drawInteger(supplierChoices, index, 0, SUPPLIERS_PER_PART - 1);
  target.supplierKey = computeSupplierKey(target.partKey, choice, countSuppliers(scale));
  target.quantity = drawInteger(quantities, index, 1, 50);
  target.extendedPrice = target.quantity * computeRetailPrice(target.partKey);
  target.discount = drawInteger(discounts, index, 0, 10);
  target.tax = drawInteger(taxes, index, 0, 8);
  target.shipDate = orderDate + drawInteger(shipDelays, index, 1, 121);
  target.commitDate = orderDate + drawInteger(commitDelays, index, 30, 90);
  target.receiptDate = target.shipDate + drawInteger(receiptDelays, index, 1, 30);
  return target;
}

/** What a line adds to its order's total: cents are cut off after each factor, as dbgen does. */
export const computeLineTotal = (line: OrderLine): number =>
  Math.floor((Math.floor((line.extendedPrice * (100 - line.discount)) / 100) * (100 + line.tax)) / 100);

/** A line is open if it is shipped after the current date. */
export const isLineOpen = (line: OrderLine): boolean => line.shipDate > CURRENT_DATE;
