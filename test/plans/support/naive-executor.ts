import { userError } from '../../../src/common/errors.js';
import type { AggregateCall, ConstantValue, Expression } from '../../../src/planner/expression.js';
import { functionOf } from '../../../src/planner/format-expression.js';
import type { HashAggregateNode, HashJoinNode, PhysicalNode } from '../../../src/planner/physical/physical-plan.js';
import { evaluate, order } from './naive-evaluator.js';
import { compareKeys, runWindow } from './naive-window.js';

/** Physical plans run row by row over arrays: slow, short, and an oracle for what plans mean. */
export type Rows = readonly (readonly ConstantValue[])[];
/** The rows of a table, with a name for each value. */
export type Tables = ReadonlyMap<string, { readonly columns: readonly string[]; readonly rows: Rows }>;

const over = (row: readonly ConstantValue[]): { get(column: number): ConstantValue | undefined } => ({
  get: (column) => row[column],
});

const holds = (predicate: Expression | undefined, row: readonly ConstantValue[]): boolean =>
  predicate === undefined || evaluate(predicate, over(row)) === true;

/** The name of the working table of a recursion that is run. */
const workingTable = (recursion: number): string => `working table of ${recursion}`;

export function execute(node: PhysicalNode, tables: Tables): Rows {
  switch (node.kind) {
    case 'scan': {
      const table = tables.get(node.table)!;
      const ordinals = node.scanColumns.map((column) =>
        table.columns.indexOf(column.kind === 'file' ? column.name : ''),
      );
      const read = table.rows.map((row) => ordinals.map((ordinal) => row[ordinal]!));
      return read
        .filter((row) => node.filters.every((filter) => holds(filter, row)))
        .map((row) => row.slice(0, node.columns.length));
    }
    case 'textScan':
      throw new TypeError('plans over text files are not run here');
    case 'values':
      return node.rows.map((row) => row.map(({ value }) => value));
    case 'generateSeries': {
      const rows: ConstantValue[][] = [];
      const isBigint = node.columns[0]!.type.kind === 'bigint';
      for (let value = node.start; node.step > 0n ? value <= node.stop : value >= node.stop; value += node.step) {
        rows.push([isBigint ? value : Number(value)]);
      }
      return rows;
    }
    case 'filter':
      return execute(node.input, tables).filter((row) => holds(node.predicate, row));
    case 'project':
      return execute(node.input, tables).map((row) =>
        node.expressions.map((expression) => evaluate(expression, over(row))),
      );
    case 'unnest':
      throw new Error('unnest is not executed here');
    case 'expand': {
      const rows = execute(node.input, tables);
      return node.sets.flatMap((set, number) =>
        rows.map((row) =>
          node.outputs.map((output) => {
            if (output.kind === 'set') return number;
            return output.kind === 'input' || set.includes(output.key) ? row[output.ordinal]! : null;
          }),
        ),
      );
    }
    case 'hashAggregate':
      return aggregate(node, execute(node.input, tables));
    case 'hashJoin':
      return join(node, execute(node.probe, tables), execute(node.build, tables));
    case 'sort': {
      const rows = [...execute(node.input, tables)].sort((a, b) => compareKeys(node.keys, a, b));
      const offset = node.offset ?? 0;
      return rows.slice(offset, node.limit === undefined ? undefined : offset + node.limit);
    }
    case 'window':
      return runWindow(node, execute(node.input, tables), summarize);
    case 'limit': {
      const rows = execute(node.input, tables);
      return rows.slice(node.offset, node.limit === undefined ? undefined : node.offset + node.limit);
    }
    case 'unionAll':
      return node.inputs.flatMap((input) => execute(input, tables));
    case 'recursive': {
      const all: (readonly ConstantValue[])[] = [];
      const seen = new Set<string>();
      let round = execute(node.anchor, tables);
      do {
        const { keys } = node;
        if (keys !== undefined) {
          round = round.filter((row) => {
            const key = keyOf(keys.map((ordinal) => row[ordinal]!));
            const isNew = !seen.has(key);
            seen.add(key);
            return isNew;
          });
        }
        all.push(...round);
        round = execute(node.step, new Map([...tables, [workingTable(node.id), { columns: [], rows: round }]]));
      } while (round.length > 0);
      return all;
    }
    case 'workingTable':
      return tables.get(workingTable(node.recursion))!.rows.map((row) => node.outputs.map((ordinal) => row[ordinal]!));
    case 'shared':
      return execute(node.input, tables).map((row) => node.outputs.map((ordinal) => row[ordinal]!));
    case 'parquetSink':
    case 'analyzeSink':
      throw new Error('plans under test write nothing');
  }
}

const keyOf = (values: readonly ConstantValue[]): string =>
  values.map((value) => (value === null ? 'null' : `${typeof value}:${String(value)}`)).join('|');

function aggregate(node: HashAggregateNode, input: Rows): Rows {
  const groups = new Map<string, { keys: readonly ConstantValue[]; rows: (readonly ConstantValue[])[] }>();
  if (node.groupKeys.length === 0) groups.set('', { keys: [], rows: [] });
  for (const row of input) {
    const keys = node.groupKeys.map((key) => evaluate(key, over(row)));
    const name = keyOf(keys);
    let group = groups.get(name);
    if (!group) {
      group = { keys, rows: [] };
      groups.set(name, group);
    }
    group.rows.push(row);
  }
  return [...groups.values()].map(({ keys, rows }) => [
    ...keys,
    ...node.aggregates.map((call) => summarize(call, rows)),
  ]);
}

function summarize(call: AggregateCall, rows: Rows): ConstantValue {
  const live = rows.filter((row) => holds(call.filter, row));
  const [arg] = call.args;
  if (!arg) return BigInt(live.length);
  const values = live.map((row) => evaluate(arg, over(row))).filter((value) => value !== null);
  const name = functionOf(call.overload);
  if (name === 'count') return BigInt(values.length);
  if (values.length === 0) return null;
  switch (name) {
    case 'sum':
      return values.reduce<bigint>((sum, value) => sum + BigInt(value as number | bigint), 0n);
    case 'min':
      return values.reduce((least, value) => (order(value, least) < 0 ? value : least));
    case 'max':
      return values.reduce((most, value) => (order(value, most) > 0 ? value : most));
    case 'bool_and':
      return values.every((value) => value === true);
    case 'bool_or':
      return values.some((value) => value === true);
    default:
      throw new Error(`no aggregate ${call.overload}`);
  }
}

function join(node: HashJoinNode, probe: Rows, build: Rows): Rows {
  const keysOf = (keys: readonly Expression[], row: readonly ConstantValue[]): ConstantValue[] =>
    keys.map((key) => evaluate(key, over(row)));
  const builds = build.map((row) => ({ row, keys: keysOf(node.buildKeys, row), matched: false }));
  const result: (readonly ConstantValue[])[] = [];
  const noBuild = node.build.columns.map(() => null);
  const emit = (left: readonly ConstantValue[], right: readonly ConstantValue[], mark?: ConstantValue): void => {
    const both = [...left, ...right];
    const row = node.outputs.map((ordinal) => both[ordinal]!);
    result.push(mark === undefined ? row : [...row, mark]);
  };
  for (const row of probe) {
    const keys = keysOf(node.probeKeys, row);
    const matches = builds.filter(
      (candidate) =>
        keys.every((key, i) => {
          const other = candidate.keys[i]!;
          if (key === null || other === null) return node.nullsEqual[i]! && key === other;
          return order(key, other) === 0;
        }) && holds(node.residual, [...row, ...candidate.row]),
    );
    for (const match of matches) match.matched = true;
    const hasNull =
      builds.length > 0 && (keys.includes(null) || builds.some((candidate) => candidate.keys.includes(null)));
    switch (node.joinKind) {
      case 'single':
        if (matches.length > 1) throw userError('21000', 'more than one row returned by a subquery');
        emit(row, matches[0]?.row ?? noBuild);
        break;
      case 'inner':
      case 'right':
      case 'left':
      case 'full':
        for (const match of matches) emit(row, match.row);
        if (matches.length === 0 && (node.joinKind === 'left' || node.joinKind === 'full')) emit(row, noBuild);
        break;
      case 'semi':
        if (matches.length > 0) emit(row, []);
        break;
      case 'anti':
        if (matches.length === 0) emit(row, []);
        break;
      case 'nullAwareAnti':
        if (matches.length === 0 && !hasNull) emit(row, []);
        break;
      case 'mark':
        emit(row, [], matches.length > 0 ? true : node.nullAware && hasNull ? null : false);
        break;
    }
  }
  const wantsUnmatched = ['right', 'full', 'rightAnti'].includes(node.joinKind);
  const noProbe = node.probe.columns.map(() => null);
  for (const { row, matched } of builds) {
    if (matched ? node.joinKind === 'rightSemi' : wantsUnmatched) emit(noProbe, row);
  }
  return result;
}
