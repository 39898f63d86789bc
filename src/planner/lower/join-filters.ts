import type { Expression } from '../expression.js';
import { formatExpression } from '../format-expression.js';
import { mapOperands } from '../logical/expression-tree.js';
import { mapInputs } from '../physical/physical-inputs.js';
import type { HashJoinNode, JoinKind, PhysicalNode, ScanJoinFilter } from '../physical/physical-plan.js';

/** A filter on its way down: its keys are over the columns of the node that it has reached. */
type WantedFilter = ScanJoinFilter;

/**
 * Lets scans leave out rows that will find no match in a join above: the build side of a join is complete before
 * anything below its probe side runs, so that it can tell which keys it has.
 *
 * A filter moves down for as long as rows without a match are of no use to what lies between: not below a limit, nor
 * below the probe side of a join that hands on build rows by their matches. What it tests are columns, or integers
 * widened: nothing that could fail for rows that would have been left out by then.
 */
export function addJoinFilters(plan: PhysicalNode): PhysicalNode {
  return new JoinFilterPlacement().place(plan, []);
}

class JoinFilterPlacement {
  private readonly placed = new Set<number>();

  place(node: PhysicalNode, wanted: readonly WantedFilter[]): PhysicalNode {
    switch (node.kind) {
      case 'scan':
        if (wanted.length === 0) return node;
        for (const { join } of wanted) this.placed.add(join);
        return { ...node, joinFilters: wanted };
      case 'filter':
        return this.over(node, wanted);
      case 'project':
        return this.over(node, substitute(wanted, node.expressions));
      case 'hashAggregate':
        return this.over(node, substitute(wanted, node.groupKeys));
      case 'sort':
        return this.over(node, node.limit === undefined && !node.offset ? wanted : []);
      case 'unionAll':
        return { ...node, inputs: node.inputs.map((input) => this.place(input, wanted)) };
      case 'hashJoin':
        return this.overJoin(node, wanted);
      case 'recursive':
        return mapInputs(node, (input) => this.place(input, []));
      default:
        // What several parts of the plan read must be whole, and so must the input of whatever is not listed here.
        return 'input' in node ? this.over(node, []) : node;
    }
  }

  private over<Node extends Extract<PhysicalNode, { readonly input: PhysicalNode }>>(
    node: Node,
    wanted: readonly WantedFilter[],
  ): Node {
    return { ...node, input: this.place(node.input, wanted) };
  }

  private overJoin(node: HashJoinNode, wanted: readonly WantedFilter[]): HashJoinNode {
    const probeWidth = node.probe.columns.length;
    const columns: Expression[] = node.outputs.map((ordinal) => {
      const side = ordinal < probeWidth ? node.probe.columns[ordinal] : node.build.columns[ordinal - probeWidth];
      return { kind: 'column', type: side!.type, column: ordinal };
    });
    const below = KEEPS_PROBE_ROWS.has(node.joinKind) ? substitute(wanted, columns) : [];
    const toProbe = below.filter(({ keys }) => keys.every((key) => columnOf(key) < probeWidth));
    const toBuild =
      node.joinKind === 'inner' ? below.filter(({ keys }) => keys.every((key) => columnOf(key) >= probeWidth)) : [];
    const own = DROPS_UNMATCHED.has(node.joinKind) && node.probeKeys.length > 0 && node.probeKeys.every(isSimple);
    const ofProbe = own ? [...toProbe, { join: node.id, keys: node.probeKeys, matches: namesOf(node) }] : toProbe;
    const probe = this.place(node.probe, ofProbe);
    const build = this.place(
      node.build,
      toBuild.map((filter) => ({ ...filter, keys: filter.keys.map((key) => shift(key, -probeWidth)) })),
    );
    return { ...node, probe, build, filtersScans: this.placed.has(node.id) };
  }
}

/** Probe rows without a match are not handed on. */
const DROPS_UNMATCHED: ReadonlySet<JoinKind> = new Set(['inner', 'right', 'semi', 'rightSemi', 'rightAnti']);

/** What a probe row gives does not depend on other probe rows. */
export const KEEPS_PROBE_ROWS: ReadonlySet<JoinKind> = new Set([
  'inner',
  'left',
  'semi',
  'anti',
  'nullAwareAnti',
  'mark',
  'single',
]);

function namesOf({ build, buildKeys }: HashJoinNode): string[] {
  return buildKeys.map((key) => formatExpression(key, (ordinal) => build.columns[ordinal]!.name));
}

/** The filters over the columns that `expressions` are computed from, where that is simple. */
function substitute(wanted: readonly WantedFilter[], expressions: readonly Expression[]): WantedFilter[] {
  const replace = (key: Expression): Expression =>
    key.kind === 'column' ? (expressions[key.column] ?? NOTHING) : mapOperands(key, replace);
  return wanted
    .map((filter) => ({ ...filter, keys: filter.keys.map(replace) }))
    .filter(({ keys }) => keys.every(isSimple));
}

/** Stands for a column that is not among the expressions: an aggregate, a mark. */
const NOTHING: Expression = { kind: 'constant', type: { kind: 'unknown' }, value: null };

const INTEGER_WIDTHS: Readonly<Record<string, number>> = { smallint: 2, integer: 4, bigint: 8 };

/** A column, or an integer column made wider. */
function isSimple(key: Expression): boolean {
  if (key.kind === 'column') return true;
  if (key.kind !== 'cast') return false;
  const from = INTEGER_WIDTHS[key.input.type.kind];
  const to = INTEGER_WIDTHS[key.type.kind];
  return from !== undefined && to !== undefined && from <= to && isSimple(key.input);
}

function columnOf(key: Expression): number {
  if (key.kind === 'column') return key.column;
  return key.kind === 'cast' ? columnOf(key.input) : -1;
}

function shift(key: Expression, by: number): Expression {
  if (key.kind === 'column') return { ...key, column: key.column + by };
  return mapOperands(key, (operand) => shift(operand, by));
}
