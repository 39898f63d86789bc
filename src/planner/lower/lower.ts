import { bugError, userError } from '../../common/errors.js';
import { buildsLeft, type TableSize } from '../join-order/join-cost.js';
import { andOf, refer } from '../logical/expression-tree.js';
import type {
  LogicalAggregate,
  LogicalColumn,
  LogicalExpand,
  LogicalGenerateSeries,
  LogicalJoin,
  LogicalJoinKind,
  LogicalNode,
  LogicalProject,
  LogicalRecursive,
  LogicalShared,
  LogicalUnionAll,
  LogicalUnnest,
} from '../logical/logical-plan.js';
import { outputIdsOf, outputOf } from '../logical/plan-tree.js';
import type {
  ExpandedColumn,
  HashAggregateNode,
  JoinKind,
  PhysicalColumn,
  PhysicalNode,
  SharedNode,
} from '../physical/physical-plan.js';
import { estimate, rowWidth } from '../statistics/estimate.js';
import { hashable, sortable } from './comparable-keys.js';
import { groupedByKeys } from './grouped-by-keys.js';
import { DEFAULT_JOIN_DISTRIBUTION, type JoinDistributionOptions, shuffleThreshold } from './join-distribution.js';
import { splitJoinKeys } from './join-keys.js';
import { lowerScan } from './lower-scan.js';
import { lowerWindow } from './lower-window.js';
import { type Lowered, type NodeLowering, ordinalsOf, type Required, withUses } from './lowered.js';
import { Ordinals } from './ordinals.js';
import { partitionWise } from './partition-wise.js';
import { keyedRecursion } from './recursion-keys.js';
import { isStreamed, keepBetweenRounds, type OpenRecursion, probeOfRounds } from './recursion-rounds.js';
import { textsToCode } from './texts-to-code.js';

/** Turns an optimised logical plan into the physical plan that returns `columns`, in that order. */
export function lowerPlan(
  plan: LogicalNode,
  columns: readonly LogicalColumn[],
  names: readonly string[],
  distribution: JoinDistributionOptions = DEFAULT_JOIN_DISTRIBUTION,
  laneCount: number = 1,
): PhysicalNode {
  const lowering = new Lowering(shuffleThreshold(distribution), laneCount);
  const lowered = lowering.lower(plan, new Set(columns.map((column) => column.id)));
  const ordered = lowering.arranged(lowered, columns);
  return { ...ordered, columns: ordered.columns.map((column, i) => ({ ...column, name: names[i] ?? column.name })) };
}

class Lowering implements NodeLowering {
  nextId = 1;
  private readonly shuffleFromBytes: number;
  private readonly laneCount: number;
  /** Those whose steps are being lowered, the innermost first. */
  private recursions: readonly OpenRecursion[] = [];
  /** By the number of what is shared. */
  private readonly shared = new Map<number, { readonly lowered: Lowered; readonly share: number }>();

  constructor(shuffleFromBytes: number, laneCount: number) {
    this.shuffleFromBytes = shuffleFromBytes;
    this.laneCount = laneCount;
  }

  /** Inputs are lowered first, so that ids count from the leaves. */
  lower(node: LogicalNode, required: Required): Lowered {
    switch (node.kind) {
      case 'scan':
        return lowerScan(node, required, this);
      case 'values': {
        const base = this.base(node, node.columns);
        return { columns: node.columns, node: { ...base, kind: 'values', rows: node.rows, origin: node.origin } };
      }
      case 'generateSeries':
        return this.lowerSeries(node);
      case 'filter': {
        const input = this.lower(node.input, withUses(required, node.conjuncts));
        const predicate = ordinalsOf(input).resolve(andOf(node.conjuncts));
        const base = this.base(node, input.columns);
        return { columns: input.columns, node: { ...base, kind: 'filter', input: input.node, predicate } };
      }
      case 'project':
        return this.lowerProject(node, required);
      case 'join':
        return this.lowerJoin(node, required);
      case 'aggregate':
        return this.lowerAggregate(node);
      case 'expand':
        return this.lowerExpand(node, required);
      case 'window':
        return lowerWindow(node, required, this);
      case 'unnest':
        return this.lowerUnnest(node, required);
      case 'sort': {
        const expressions = node.keys.map((key) => key.expression);
        const input = this.lower(node.input, withUses(required, expressions));
        const ordinals = ordinalsOf(input);
        const keys = node.keys.map((key) => ({ ...key, expression: ordinals.resolve(sortable(key.expression)) }));
        const { limit, offset } = node;
        const base = this.base(node, input.columns);
        return { columns: input.columns, node: { ...base, kind: 'sort', input: input.node, keys, limit, offset } };
      }
      case 'limit': {
        const input = this.lower(node.input, required);
        const { limit, offset } = node;
        const base = this.base(node, input.columns);
        return { columns: input.columns, node: { ...base, kind: 'limit', input: input.node, limit, offset } };
      }
      case 'unionAll':
        return this.lowerUnion(node);
      case 'recursive':
        return this.lowerRecursive(node);
      case 'workingTable': {
        const kept = node.columns.flatMap((column, i) => (required.has(column.id) ? [i] : []));
        const columns = kept.map((i) => node.columns[i]!);
        const outputs = kept.map((i) => node.positions[i]!);
        const recursion = this.recursions.find(({ number }) => number === node.number);
        if (recursion === undefined) throw bugError('a working table outside of its recursion');
        const { id, rowColumns } = recursion;
        const base = this.base(node, columns);
        return { columns, node: { ...base, kind: 'workingTable', recursion: id, rowColumns, outputs } };
      }
      case 'shared':
        return this.lowerShared(node, required);
      case 'apply':
        throw bugError('a correlated subquery was left in the plan');
    }
  }

  /** The plan with exactly these columns in this order. */
  arranged(lowered: Lowered, columns: readonly LogicalColumn[]): PhysicalNode {
    const same =
      columns.length === lowered.columns.length && columns.every(({ id }, i) => id === lowered.columns[i]!.id);
    if (same) return lowered.node;
    const ordinals = ordinalsOf(lowered);
    const expressions = columns.map((column) => ordinals.resolve(refer(column)));
    const { estimatedRows } = lowered.node;
    return {
      kind: 'project',
      id: this.nextId++,
      columns: columns.map(physical),
      estimatedRows,
      input: lowered.node,
      expressions,
    };
  }

  base(
    node: LogicalNode,
    columns: readonly LogicalColumn[],
  ): { readonly id: number; readonly columns: readonly PhysicalColumn[]; readonly estimatedRows: number } {
    return { id: this.nextId++, columns: columns.map(physical), estimatedRows: Math.round(estimate(node).rows) };
  }

  private lowerSeries(node: LogicalGenerateSeries): Lowered {
    const [start, stop, step] = [node.start, node.stop, node.step].map((value) => {
      if (value.kind !== 'constant') throw bugError('generate_series without constant arguments');
      return value.value === null ? undefined : BigInt(value.value as number | bigint);
    });
    const columns = [node.column];
    const base = this.base(node, columns);
    if (start === undefined || stop === undefined || step === undefined) {
      return { columns, node: { ...base, kind: 'values', rows: [] } };
    }
    if (step === 0n) {
      throw userError('22023', 'step size cannot equal zero', {
        hint: 'Give a step above or below zero, or leave it out for 1.',
      });
    }
    return { columns, node: { ...base, kind: 'generateSeries', start, stop, step } };
  }

  private lowerProject(node: LogicalProject, required: Required): Lowered {
    const items = node.items.filter((item) => required.has(item.column.id));
    const expressions = items.map((item) => item.expression);
    const input = this.lower(node.input, withUses(new Set(), expressions));
    const columns = items.map((item) => item.column);
    const ordinals = ordinalsOf(input);
    return {
      columns,
      node: {
        ...this.base(node, columns),
        kind: 'project',
        input: input.node,
        expressions: expressions.map((expression) => ordinals.resolve(expression)),
      },
    };
  }

  private lowerJoin(node: LogicalJoin, required: Required): Lowered {
    const uses = withUses(required, node.conditions);
    const turnedKind = TURNED[node.joinKind];
    const [left, right] = [sizeOf(node.left, uses), sizeOf(node.right, uses)];
    const roundsSide = probeOfRounds(node, this.recursions);
    const isTurned =
      roundsSide === 'right' ||
      (roundsSide === undefined && turnedKind !== undefined && buildsLeft(node.joinKind, left, right));
    const [probeSide, buildSide] = isTurned ? [node.right, node.left] : [node.left, node.right];
    const probe = this.lower(probeSide, uses);
    const build = this.lower(buildSide, uses);
    const keys = splitJoinKeys(node.conditions, outputIdsOf(probeSide), outputIdsOf(buildSide));
    const ofProbe = ordinalsOf(probe);
    const ofBuild = ordinalsOf(build);
    const ofBoth = new Ordinals([...probe.columns, ...build.columns].map((column) => column.id));
    const built = isTurned ? left : right;
    const buildBytes = built.rows * built.width;
    // Without keys there is nothing to partition by, and rounds do not read again what was moved to disk.
    const isKept = roundsSide !== undefined && buildBytes < this.shuffleFromBytes;
    const isPartitioned = keys.left.length > 0 && !isKept;
    const shuffleFromBytes = !isPartitioned ? Number.POSITIVE_INFINITY : this.shuffleFromBytes;
    const returned = outputOf(node).filter((column) => required.has(column.id));
    const joined = returned.filter((column) => column.id !== node.markColumn?.id);
    const columns = node.markColumn ? [...joined, node.markColumn] : joined;
    return {
      columns,
      node: {
        ...this.base(node, columns),
        kind: 'hashJoin',
        joinKind: isTurned ? turnedKind! : node.joinKind,
        distribution: buildBytes < shuffleFromBytes ? 'broadcast' : 'shuffle',
        buildBytes,
        order: node.order,
        shuffleFromBytes,
        probe: probe.node,
        build: build.node,
        probeKeys: keys.left.map((key) => ofProbe.resolve(hashable(key))),
        buildKeys: keys.right.map((key) => ofBuild.resolve(hashable(key))),
        nullsEqual: keys.nullsEqual,
        residual: keys.residual.length > 0 ? ofBoth.resolve(andOf(keys.residual)) : undefined,
        nullAware: node.nullAware,
        codedTexts: textsToCode(node, built.rows, build.columns, joined),
        outputs: joined.map((column) => ofBoth.of(column.id)),
      },
    };
  }

  private lowerAggregate(node: LogicalAggregate): Lowered {
    const calls = node.aggregates.map(({ call }) => call);
    const expressions = [
      ...node.groupKeys.map((key) => key.expression),
      ...calls.flatMap((call) => (call.filter ? [...call.args, call.filter] : call.args)),
    ];
    if (node.aggregates.some((item) => item.distinct)) throw bugError('a distinct aggregate was left in the plan');
    const input = this.lower(node.input, withUses(new Set(), expressions));
    const ordinals = ordinalsOf(input);
    const { keys, aggregates, columns } = groupedByKeys(node);
    const aggregate: HashAggregateNode = {
      ...this.base(node, columns),
      kind: 'hashAggregate',
      input: input.node,
      groupKeys: keys.map((key) => ordinals.resolve(key)),
      aggregates: aggregates.map((call) => ordinals.resolveCall(call)),
    };
    const lowered = partitionWise(aggregate, this.laneCount);
    const outputs = outputOf(node);
    return { columns: outputs, node: this.arranged({ columns, node: lowered }, outputs) };
  }

  private lowerExpand(node: LogicalExpand, required: Required): Lowered {
    const sources = node.keys.map((key) => key.expression);
    const input = this.lower(node.input, withUses(required, sources));
    const ordinals = ordinalsOf(input);
    const columns: LogicalColumn[] = [];
    const outputs: ExpandedColumn[] = [];
    const add = (column: LogicalColumn, output: ExpandedColumn): void => {
      if (!required.has(column.id)) return;
      columns.push(column);
      outputs.push(output);
    };
    input.columns.forEach((column, ordinal) => {
      add(column, { kind: 'input', ordinal });
    });
    node.keys.forEach(({ column, expression }, key) => {
      if (expression.kind !== 'column') throw bugError('a key of an expansion is no column');
      add(column, { kind: 'key', ordinal: ordinals.of(expression.column), key });
    });
    add(node.setColumn, { kind: 'set' });
    const base = this.base(node, columns);
    return { columns, node: { ...base, kind: 'expand', input: input.node, outputs, sets: node.sets } };
  }

  private lowerUnnest(node: LogicalUnnest, required: Required): Lowered {
    const arrays = node.items.map((item) => item.expression);
    const input = this.lower(node.input, withUses(required, arrays));
    const ordinals = ordinalsOf(input);
    const handedOn = input.columns.filter((column) => required.has(column.id));
    const made = node.items.filter((item) => required.has(item.column.id)).map((item) => item.column);
    const { ordinality } = node;
    const hasOrdinality = ordinality !== undefined && required.has(ordinality.id);
    const columns = [...handedOn, ...made, ...(hasOrdinality ? [ordinality] : [])];
    return {
      columns,
      node: {
        ...this.base(node, columns),
        kind: 'unnest',
        input: input.node,
        arrays: arrays.map((array) => ordinals.resolve(array)),
        kept: handedOn.map((column) => ordinals.of(column.id)),
        elements: node.items.map(({ column }) => (required.has(column.id) ? column.type : undefined)),
        ordinality: hasOrdinality,
        outer: node.outer,
      },
    };
  }

  private lowerUnion(node: LogicalUnionAll): Lowered {
    const inputs = node.inputs.map((input, i) => this.arrangedIds(input, node.inputColumns[i]!));
    return { columns: node.columns, node: { ...this.base(node, node.columns), kind: 'unionAll', inputs } };
  }

  private lowerRecursive(node: LogicalRecursive): Lowered {
    const { anchor: first, step: next, columns, keys } = keyedRecursion(node);
    const anchor = this.collected(this.arrangedIds(first.plan, first.columns));
    const base = this.base(node, columns);
    const outside = this.recursions;
    this.recursions = [{ number: node.number, id: base.id, rowColumns: columns.map(physical) }, ...outside];
    const step = this.arrangedIds(next.plan, next.columns);
    this.recursions = outside;
    if (isStreamed(step)) {
      return { columns, node: { ...base, kind: 'recursive', anchor, isStreamed: true, step, keys } };
    }
    const kept = keepBetweenRounds(step, (plan) => this.collected(plan));
    return {
      columns,
      node: { ...base, kind: 'recursive', anchor, isStreamed: false, step: this.collected(kept), keys },
    };
  }

  /** Collects the rows of a plan for the only node that reads them. */
  private collected(input: PhysicalNode): SharedNode {
    const { columns, estimatedRows } = input;
    const id = this.nextId++;
    return { kind: 'shared', id, columns, estimatedRows, input, share: id, number: 0, outputs: [...columns.keys()] };
  }

  private arrangedIds(input: LogicalNode, ids: readonly number[]): PhysicalNode {
    const byId = new Map(outputOf(input).map((column) => [column.id, column]));
    return this.arranged(
      this.lower(input, new Set(ids)),
      ids.map((id) => byId.get(id)!),
    );
  }

  /** The input is lowered for the first reader; the others read the same. */
  private lowerShared(node: LogicalShared, required: Required): Lowered {
    let collected = this.shared.get(node.number);
    const lowered = collected?.lowered ?? this.lower(node.input, node.kept);
    const ordinals = ordinalsOf(lowered);
    const kept = node.columns.flatMap((column, i) => (required.has(column.id) ? [i] : []));
    const columns = kept.map((i) => node.columns[i]!);
    const base = this.base(node, columns);
    collected ??= { lowered, share: base.id };
    this.shared.set(node.number, collected);
    const outputs = kept.map((i) => ordinals.of(node.inputColumns[i]!));
    const { share } = collected;
    return { columns, node: { ...base, kind: 'shared', input: lowered.node, share, number: node.number, outputs } };
  }
}

/**
 * What a join is called whose left side is built instead of the right. `buildsLeft` says when that pays. A kind that
 * gets such a form is entered here and there.
 */
const TURNED: Readonly<Partial<Record<LogicalJoinKind, JoinKind>>> = {
  inner: 'inner',
  full: 'full',
  left: 'right',
  semi: 'rightSemi',
  anti: 'rightAnti',
};

function sizeOf(node: LogicalNode, uses: Required): TableSize {
  return { rows: estimate(node).rows, width: rowWidth(node, uses) };
}

const physical = ({ name, type }: LogicalColumn): PhysicalColumn => ({ name, type });
