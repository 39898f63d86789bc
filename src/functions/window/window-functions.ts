import { BIGINT, DOUBLE, INTEGER, type SqlType } from '../../types/sql-type.js';
import type { FunctionExample } from '../function-types.js';

/**
 * - `value`    any type; all values of a call are cast to their common type
 * - `integer`  cast to integer
 */
export type WindowArgument = 'value' | 'integer';

/** A function that is computed over the rows of a window. Aggregates can be called over windows, too. */
export interface WindowFunction {
  readonly name: string;
  readonly doc: string;
  /** How a call is written, for hints. */
  readonly usage: string;
  readonly example: FunctionExample;
  readonly args: readonly WindowArgument[];
  /** How many arguments must be given. */
  readonly required: number;
  readonly returns: SqlType | 'value';
  readonly nullable: boolean;
  /** Whether it looks at the frame; the others look at the whole partition. */
  readonly usesFrame: boolean;
}

/** A call over the numbers 1 to 3, or over 1, 1 and 2. */
const over = (call: string, result: string, hasTies = false): FunctionExample => ({
  sql: `${call} over (order by x) from (values (1), ${hasTies ? '(1), (2)' : '(2), (3)'}) as t (x)`,
  result,
});

const ranking = (name: string, doc: string, returns: SqlType, result: string): WindowFunction => {
  const usage = `${name}() over (partition by region order by amount desc)`;
  const example = over(`${name}()`, result, true);
  return { name, doc, usage, example, args: [], required: 0, returns, nullable: false, usesFrame: false };
};

const offset = (name: string, doc: string, result: string): WindowFunction => ({
  name,
  doc,
  usage: `${name}(price, 1, 0) over (order by day)`,
  example: over(`${name}(x, 1, 0)`, result),
  args: ['value', 'integer', 'value'],
  required: 1,
  returns: 'value',
  nullable: true,
  usesFrame: false,
});

const ofFrame = (
  name: string,
  doc: string,
  result: string,
  args: readonly WindowArgument[] = ['value'],
): WindowFunction => ({
  name,
  doc,
  usage: `${name}(price${args.length > 1 ? ', 2' : ''}) over (order by day rows between 3 preceding and current row)`,
  example: over(`${name}(x${args.length > 1 ? ', 2' : ''})`, result),
  args,
  required: args.length,
  returns: 'value',
  nullable: true,
  usesFrame: true,
});

export const windowFunctions: readonly WindowFunction[] = [
  ranking('row_number', 'Number of the row within its partition, from 1.', BIGINT, '1\n2\n3'),
  ranking('rank', 'Rank of the row with gaps: the number of the first of its peers.', BIGINT, '1\n1\n3'),
  ranking('dense_rank', 'Rank of the row without gaps: the number of its group of peers.', BIGINT, '1\n1\n2'),
  ranking('percent_rank', 'Relative rank: (rank - 1) / (rows of the partition - 1).', DOUBLE, '0\n0\n1'),
  ranking(
    'cume_dist',
    'Share of the rows of the partition that come before the row or are its peers.',
    DOUBLE,
    '0.6666666666666666\n0.6666666666666666\n1',
  ),
  {
    name: 'ntile',
    doc: 'Number of the bucket of the row, when the partition is divided into as many, as equally as possible.',
    usage: 'ntile(4) over (order by amount)',
    example: over('ntile(2)', '1\n1\n2'),
    args: ['integer'],
    required: 1,
    returns: INTEGER,
    nullable: true,
    usesFrame: false,
  },
  offset(
    'lag',
    'Value of the row that comes so many rows before this one in the partition, or the default. IGNORE NULLS counts rows with a value only.',
    '0\n1\n2',
  ),
  offset(
    'lead',
    'Value of the row that comes so many rows after this one in the partition, or the default. IGNORE NULLS counts rows with a value only.',
    '2\n3\n0',
  ),
  ofFrame(
    'first_value',
    'Value of the first row of the frame; with IGNORE NULLS of the first that has one.',
    '1\n1\n1',
  ),
  ofFrame('last_value', 'Value of the last row of the frame; with IGNORE NULLS of the last that has one.', '1\n2\n3'),
  ofFrame(
    'nth_value',
    'Value of the row of the frame with this number, from 1; NULL when there is none. IGNORE NULLS counts rows with a value only.',
    'NULL\n2\n2',
    ['value', 'integer'],
  ),
];

const byName = new Map(windowFunctions.map((declared) => [declared.name, declared]));

export function findWindowFunction(name: string): WindowFunction | undefined {
  return byName.get(name.toLowerCase());
}
