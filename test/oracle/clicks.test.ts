import { testQuerySuite } from './support/query-suite.js';

// Queries of the shape of ClickBench over one wide table of a web log, which `clicks/schema.sql` makes.
testQuerySuite(new URL('../../../test/oracle/clicks/', import.meta.url));
