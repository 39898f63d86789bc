import type { TableGenerator } from './table-generator.js';
import { customer } from './tables/customer.js';
import { lineitem } from './tables/lineitem.js';
import { nation } from './tables/nation.js';
import { orders } from './tables/orders.js';
import { part } from './tables/part.js';
import { partsupp } from './tables/partsupp.js';
import { region } from './tables/region.js';
import { supplier } from './tables/supplier.js';

/** All eight tables of TPC-H. */
export const TPCH_TABLES: readonly TableGenerator[] = [
  region,
  nation,
  supplier,
  customer,
  part,
  partsupp,
  orders,
  lineitem,
];
