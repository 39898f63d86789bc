import { testQuerySuite } from './support/query-suite.js';

// Queries of the shape of TPC-DS over three channels of sales: `retail/schema.sql` makes the tables.
testQuerySuite(new URL('../../../test/oracle/retail/', import.meta.url));
