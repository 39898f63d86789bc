import { BIGINT, DOUBLE, INTEGER, type SqlType } from '../../types/sql-type.js';

/**
 * - `value`    any type; all values of a call are cast to their common type
 * - `integer`  cast to integer
 */
export type WindowArgument = 'value' | 'integer';

/** A function that is computed over the rows of a window. Aggregates can be called over windows, too. */
export interface WindowFunction {
  readonly name: string;
  readonly doc: string;
  readonly example: string;
  readonly args: readonly WindowArgument[];
  /** How many arguments must be given. */
  readonly required: number;
  readonly returns: SqlType | 'value';
  readonly nullable: boolean;
  /** Whether it looks at the frame; the others look at the whole partition. */
  readonly usesFrame: boolean;
}

const ranking = (name: string, doc: string, returns: SqlType): WindowFunction => {
  const example = `${name}() over (partition by region order by amount desc)`;
  return { name, doc, example, args: [], required: 0, returns, nullable: false, usesFrame: false };
};

const offset = (name: string, doc: string): WindowFunction => ({
  name,
  doc,
  example: `${name}(price, 1, 0) over (order by day)`,
  args: ['value', 'integer', 'value'],
  required: 1,
  returns: 'value',
  nullable: true,
  usesFrame: false,
});

const ofFrame = (
  name: string,
  doc: string,
  example: string,
  args: readonly WindowArgument[] = ['value'],
): WindowFunction => ({
  name,
  doc,
  example: `${example} over (order by day rows between 3 preceding and current row)`,
  args,
  required: args.length,
  returns: 'value',
  nullable: true,
  usesFrame: true,
});

export const windowFunctions: readonly WindowFunction[] = [
  ranking('row_number', 'Number of the row within its partition, from 1.', BIGINT),
  ranking('rank', 'Rank of the row with gaps: the number of the first of its peers.', BIGINT),
  ranking('dense_rank', 'Rank of the row without gaps: the number of its group of peers.', BIGINT),
  ranking('percent_rank', 'Relative rank: (rank - 1) / (rows of the partition - 1).', DOUBLE),
  ranking('cume_dist', 'Share of the rows of the partition that come before the row or are its peers.', DOUBLE),
  {
    name: 'ntile',
    doc: 'Number of the bucket of the row, when the partition is divided into as many, as equally as possible.',
    example: 'ntile(4) over (order by amount)',
    args: ['integer'],
    required: 1,
    returns: INTEGER,
    nullable: true,
    usesFrame: false,
  },
  offset('lag', 'Value of the row that comes so many rows before this one in the partition, or the default.'),
  offset('lead', 'Value of the row that comes so many rows after this one in the partition, or the default.'),
  ofFrame('first_value', 'Value of the first row of the frame.', 'first_value(price)'),
  ofFrame('last_value', 'Value of the last row of the frame.', 'last_value(price)'),
  ofFrame(
    'nth_value',
    'Value of the row of the frame with this number, from 1; NULL when there is none.',
    'nth_value(price, 2)',
    ['value', 'integer'],
  ),
];

const byName = new Map(windowFunctions.map((declared) => [declared.name, declared]));

export function findWindowFunction(name: string): WindowFunction | undefined {
  return byName.get(name.toLowerCase());
}
