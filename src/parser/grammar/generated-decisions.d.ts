import type { DecisionTables } from './decision-tables.js';

/** The decisions of this grammar; tools/build.mjs writes the module beside the compiled parser. */
export declare const generatedDecisions: DecisionTables;
