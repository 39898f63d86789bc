import type { Expression } from '../../expression.js';
import { columnsOf, refer, refersOnlyTo, refersToAny, substituteColumns } from '../../logical/expression-tree.js';
import type {
  LogicalAggregate,
  LogicalApply,
  LogicalExpand,
  LogicalFilter,
  LogicalJoin,
  LogicalNode,
  LogicalProject,
  LogicalUnionAll,
  LogicalUnnest,
  LogicalWindow,
} from '../../logical/logical-plan.js';
import { outputIdsOf } from '../../logical/plan-tree.js';
import { valuesOf } from '../../logical/projections.js';
import type { NodeRule } from '../rule.js';
import { isVolatile } from '../volatility.js';

/**
 * Filters move towards the scans, so that rows die early: through projections, to the side of a join whose columns they
 * use, through group keys, into the inputs of a union and into scans. A condition over both sides of an inner join
 * becomes a join condition; a condition of an outer join moves only to the side where it decides about matches alone.
 *
 *     filter a.x = b.y and a.z > 1 over (a cross join b)   →   (filter a.z > 1 over a) join b on a.x = b.y
 */
export const predicatePushdown: NodeRule = {
  name: 'predicate-pushdown',
  description: 'Moves filters towards the scans and makes join conditions of them.',
  traversal: 'down',
  rewrite(node) {
    switch (node.kind) {
      case 'filter':
        return pushFilter(node);
      case 'join':
      case 'apply':
        return pushConditions(node);
      default:
        return undefined;
    }
  },
};

export function filterOver(input: LogicalNode, conjuncts: readonly Expression[]): LogicalNode {
  if (conjuncts.length === 0) return input;
  if (input.kind === 'filter') return { ...input, conjuncts: [...input.conjuncts, ...conjuncts] };
  return { kind: 'filter', input, conjuncts };
}

function pushFilter(node: LogicalFilter): LogicalNode | undefined {
  const { input } = node;
  switch (input.kind) {
    case 'filter':
      return { ...input, conjuncts: [...input.conjuncts, ...node.conjuncts] };
    case 'project':
      return throughProject(node, input);
    case 'aggregate':
      return throughAggregate(node, input);
    case 'expand':
      return throughExpand(node, input);
    case 'window':
      return throughWindow(node, input);
    case 'unnest':
      return throughUnnest(node, input);
    case 'unionAll':
      return throughUnion(node, input);
    case 'sort':
      if (input.limit !== undefined || input.offset !== undefined) return undefined;
      return { ...input, input: filterOver(input.input, node.conjuncts) };
    case 'join':
    case 'apply':
      return throughJoin(node, input);
    case 'scan': {
      const [pushed, kept] = split(node.conjuncts, (conjunct) => refersOnlyTo(conjunct, outputIdsOf(input)));
      if (pushed.length === 0) return undefined;
      return filterOver({ ...input, filters: [...input.filters, ...pushed] }, kept);
    }
    default:
      return undefined;
  }
}

/** Those that pass the test and are not volatile, and the others. */
function split(
  conjuncts: readonly Expression[],
  test: (conjunct: Expression) => boolean,
): [readonly Expression[], readonly Expression[]] {
  const pushed = conjuncts.filter((conjunct) => !isVolatile(conjunct) && test(conjunct));
  if (pushed.length === 0) return [pushed, conjuncts];
  return [pushed, conjuncts.filter((conjunct) => !pushed.includes(conjunct))];
}

function throughProject(node: LogicalFilter, project: LogicalProject): LogicalNode | undefined {
  const items = valuesOf(project.items);
  const [pushed, kept] = split(node.conjuncts, (conjunct) =>
    [...columnsOf(conjunct)].every((id) => {
      const expression = items.get(id);
      return expression && !isVolatile(expression);
    }),
  );
  if (pushed.length === 0) return undefined;
  const input = filterOver(
    project.input,
    pushed.map((conjunct) => substituteColumns(conjunct, items)),
  );
  return filterOver({ ...project, input }, kept);
}

/** A condition on group keys holds for all rows of a group or for none. */
function throughAggregate(node: LogicalFilter, aggregate: LogicalAggregate): LogicalNode | undefined {
  const keys = valuesOf(aggregate.groupKeys);
  const ids = new Set(keys.keys());
  const [pushed, kept] = split(
    node.conjuncts,
    (conjunct) => columnsOf(conjunct).size > 0 && refersOnlyTo(conjunct, ids),
  );
  if (pushed.length === 0) return undefined;
  const input = filterOver(
    aggregate.input,
    pushed.map((conjunct) => substituteColumns(conjunct, keys)),
  );
  return filterOver({ ...aggregate, input }, kept);
}

/** What says nothing of the sets holds for a row in all of them. */
function throughExpand(node: LogicalFilter, expand: LogicalExpand): LogicalNode | undefined {
  const [pushed, kept] = split(
    node.conjuncts,
    (conjunct) => columnsOf(conjunct).size > 0 && refersOnlyTo(conjunct, outputIdsOf(expand.input)),
  );
  if (pushed.length === 0) return undefined;
  return filterOver({ ...expand, input: filterOver(expand.input, pushed) }, kept);
}

/** A condition on partition keys holds for all rows of a partition or for none. */
function throughWindow(node: LogicalFilter, window: LogicalWindow): LogicalNode | undefined {
  const keys = new Set(window.partitionBy.flatMap((key) => (key.kind === 'column' ? [key.column] : [])));
  const [pushed, kept] = split(
    node.conjuncts,
    (conjunct) => columnsOf(conjunct).size > 0 && refersOnlyTo(conjunct, keys),
  );
  if (pushed.length === 0) return undefined;
  return filterOver({ ...window, input: filterOver(window.input, pushed) }, kept);
}

/** What says nothing of the elements holds for all rows of one, or for none. */
function throughUnnest(node: LogicalFilter, unnest: LogicalUnnest): LogicalNode | undefined {
  const [pushed, kept] = split(
    node.conjuncts,
    (conjunct) => columnsOf(conjunct).size > 0 && refersOnlyTo(conjunct, outputIdsOf(unnest.input)),
  );
  if (pushed.length === 0) return undefined;
  return filterOver({ ...unnest, input: filterOver(unnest.input, pushed) }, kept);
}

function throughUnion(node: LogicalFilter, union: LogicalUnionAll): LogicalNode | undefined {
  const [pushed, kept] = split(node.conjuncts, (conjunct) => refersOnlyTo(conjunct, outputIdsOf(union)));
  if (pushed.length === 0) return undefined;
  const inputs = union.inputs.map((input, i) => {
    const ids = union.inputColumns[i]!;
    const references = new Map(union.columns.map((column, c) => [column.id, refer({ ...column, id: ids[c]! })]));
    return filterOver(
      input,
      pushed.map((conjunct) => substituteColumns(conjunct, references)),
    );
  });
  return filterOver({ ...union, inputs }, kept);
}

function throughJoin(node: LogicalFilter, join: LogicalJoin | LogicalApply): LogicalNode | undefined {
  if (join.joinKind === 'full') return undefined;
  const left = outputIdsOf(join.left);
  const right = outputIdsOf(join.right);
  const [toLeft, others] = split(node.conjuncts, (conjunct) => refersOnlyTo(conjunct, left));
  let kept = others;
  let toRight: readonly Expression[] = [];
  let toCondition: readonly Expression[] = [];
  if (join.joinKind === 'inner') {
    [toRight, kept] = split(kept, (conjunct) => refersOnlyTo(conjunct, right));
    const both = new Set([...left, ...right]);
    [toCondition, kept] = split(kept, (conjunct) => refersOnlyTo(conjunct, both));
  }
  if (toLeft.length + toRight.length + toCondition.length === 0) return undefined;
  return filterOver(
    {
      ...join,
      left: filterOver(join.left, toLeft),
      right: filterOver(join.right, toRight),
      conditions: toCondition.length > 0 ? [...join.conditions, ...toCondition] : join.conditions,
    },
    kept,
  );
}

/** Conditions of a join that concern one side only. */
function pushConditions(join: LogicalJoin | LogicalApply): LogicalNode | undefined {
  if (join.conditions.length === 0 || join.joinKind === 'full' || join.joinKind === 'nullAwareAnti' || join.nullAware) {
    return undefined;
  }
  const left = outputIdsOf(join.left);
  const right = outputIdsOf(join.right);
  let kept = join.conditions;
  let toLeft: readonly Expression[] = [];
  if (join.joinKind === 'inner' || join.joinKind === 'semi') {
    [toLeft, kept] = split(kept, (condition) => refersOnlyTo(condition, left));
  }
  const [toRight, others] = split(kept, (condition) => refersToAny(condition, right) && refersOnlyTo(condition, right));
  if (toLeft.length + toRight.length === 0) return undefined;
  return {
    ...join,
    left: filterOver(join.left, toLeft),
    right: filterOver(join.right, toRight),
    conditions: others,
  };
}
