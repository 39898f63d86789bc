import type { Expression } from '../expression.js';
import { columnsOf } from '../logical/expression-tree.js';
import { rejectedBy } from '../optimizer/null-rejection.js';
import { isVolatile } from '../optimizer/volatility.js';
import { areAssociative, areLeftExchangeable, areRightExchangeable, type JoinTraits } from './join-properties.js';
import type { JoinRegion, OrderedJoin, RegionOperator, RegionScope, RegionTree } from './join-region.js';
import { EMPTY_SET, isSubset, overlaps, type RelationSet, setOf, unionOf } from './relation-set.js';

/** A join that has to be made once all of its eligible relations are there, those of one side on that side. */
export interface OrderedOperator extends JoinTraits {
  readonly join: OrderedJoin;
  /** The relations below it in the query as it was written. */
  readonly left: RelationSet;
  readonly right: RelationSet;
  /** Relations that its conditions use. */
  readonly uses: RelationSet;
  readonly eligibleLeft: RelationSet;
  readonly eligibleRight: RelationSet;
  readonly rules: readonly ConflictRule[];
}

/** Where one of the relations `when` takes part, all of `needs` must. */
export interface ConflictRule {
  readonly when: RelationSet;
  readonly needs: RelationSet;
}

/** A condition of a scope that holds as soon as all of its eligible relations are there. */
export interface ScopedPredicate {
  readonly expression: Expression;
  /** Relations whose columns it uses. */
  readonly uses: RelationSet;
  /** Those, and the ones that must have been joined to them before. */
  readonly eligible: RelationSet;
}

/** A scope with its conditions. */
export interface ScopeConflicts {
  readonly relations: RelationSet;
  readonly predicates: readonly ScopedPredicate[];
  /** By the operators in it; `closure` says what else must be there where some relations are. */
  readonly rules: readonly ConflictRule[];
}

export interface RegionConflicts {
  readonly operators: ReadonlyMap<RegionOperator, OrderedOperator>;
  readonly scopes: ReadonlyMap<RegionScope, ScopeConflicts>;
}

/** What stands in a part of a region. */
interface Summary {
  readonly relations: RelationSet;
  /** Relations that inner joins put together, or would, if there were any. */
  readonly core: RelationSet;
  readonly hasProduct: boolean;
  readonly operators: readonly OrderedOperator[];
  /** Of scopes that are opened in it: relations that only go together. */
  readonly units: readonly RelationSet[];
}

interface ScopeSummary extends Summary {
  /** What must be joined before the scope's rows can meet others. */
  readonly unit: RelationSet;
}

/**
 * Which joins may change places, as conflict rules (algorithm CD-C of the paper in join-properties.ts). Conditions of
 * inner joins are taken one by one: as filters over a product of the scope.
 */
export function findConflicts(region: JoinRegion, relationOf: ReadonlyMap<number, number>): RegionConflicts {
  const operators = new Map<RegionOperator, OrderedOperator>();
  const scopes = new Map<RegionScope, ScopeConflicts>();
  const usedBy = (expression: Expression): RelationSet => relationsIn(columnsOf(expression), relationOf);

  function ofScope(scope: RegionScope): ScopeSummary {
    const summary = ofTree(scope.tree);
    const rules = summary.operators.flatMap(rulesForInner);
    const predicates = scope.conjuncts.map((expression): ScopedPredicate => {
      const uses = usedBy(expression);
      const isBound = uses === EMPTY_SET || isVolatile(expression);
      return { expression, uses, eligible: isBound ? summary.relations : closure(uses, rules) };
    });
    scopes.set(scope, { relations: summary.relations, predicates, rules });
    const inConditions = unionOf(predicates.map((predicate) => predicate.eligible));
    return { ...summary, unit: summary.hasProduct ? inConditions | summary.core : inConditions };
  }

  function ofTree(tree: RegionTree): Summary {
    if (tree.kind === 'relation') {
      const relations = setOf(tree.relation);
      return { relations, core: relations, hasProduct: false, operators: [], units: [] };
    }
    if (tree.kind === 'operator') return ofOperator(tree);
    const [left, right] = [ofTree(tree.left), ofTree(tree.right)];
    return {
      relations: left.relations | right.relations,
      core: left.core | right.core,
      hasProduct: true,
      operators: [...left.operators, ...right.operators],
      units: [...left.units, ...right.units],
    };
  }

  function ofOperator(tree: RegionOperator): Summary {
    const leftScope = tree.leftScope && ofScope(tree.leftScope);
    const left: Summary = leftScope ?? ofTree(tree.left);
    const right = ofScope(tree.right);
    const { conditions } = tree.join;
    const traits = { kind: tree.join.joinKind, rejecting: relationsIn(rejectedBy(conditions), relationOf) };
    const rules = rulesFor(traits, left, right);
    const units = [...right.units, ...(leftScope?.units ?? [])];
    rules.push(...units.map((unit) => ({ when: unit, needs: unit })));
    const inConditions = unionOf(conditions.map(usedBy));
    const uses =
      inConditions |
      (overlaps(inConditions, left.relations) ? EMPTY_SET : left.relations) |
      (overlaps(inConditions, right.relations) ? EMPTY_SET : right.relations);
    const eligible = closure(uses | right.unit | (leftScope?.unit ?? EMPTY_SET), rules);
    const operator: OrderedOperator = {
      ...traits,
      join: tree.join,
      left: left.relations,
      right: right.relations,
      uses,
      eligibleLeft: eligible & left.relations,
      eligibleRight: eligible & right.relations,
      rules: rules.filter((rule) => !isSubset(rule.needs, eligible)),
    };
    operators.set(tree, operator);
    return {
      relations: left.relations | right.relations,
      core: leftScope ? left.core | right.core : left.core,
      hasProduct: leftScope ? false : left.hasProduct,
      operators: [...left.operators, ...right.operators, operator],
      units: [...left.units, ...right.units, right.unit, leftScope?.unit ?? EMPTY_SET].filter(
        (unit) => unit !== EMPTY_SET,
      ),
    };
  }

  ofScope(region.root);
  return { operators, scopes };
}

/** The least set with these relations in it that keeps to the rules. */
export function closure(relations: RelationSet, rules: readonly ConflictRule[]): RelationSet {
  let closed = relations;
  for (;;) {
    const before = closed;
    for (const { when, needs } of rules) if (overlaps(when, closed)) closed |= needs;
    if (closed === before) return closed;
  }
}

/** What a condition of an inner join has to heed above an operator: rows that got NULLs got them before. */
function rulesForInner(operator: OrderedOperator): ConflictRule[] {
  const rules = [{ when: operator.right, needs: usedOf(operator, operator.left) }];
  if (operator.kind === 'full') rules.push({ when: operator.left, needs: usedOf(operator, operator.right) });
  return rules;
}

function rulesFor(join: JoinTraits, left: Summary, right: Summary): ConflictRule[] {
  const rules: ConflictRule[] = [];
  for (const below of left.operators) {
    if (!areAssociative(below, join, below.right)) rules.push({ when: below.right, needs: usedOf(below, below.left) });
    if (!areLeftExchangeable(below, join, below.left)) {
      rules.push({ when: below.left, needs: usedOf(below, below.right) });
    }
  }
  for (const below of right.operators) {
    if (!areAssociative(join, below, below.left)) rules.push({ when: below.left, needs: usedOf(below, below.right) });
    if (!areRightExchangeable(join, below, below.right)) {
      rules.push({ when: below.right, needs: usedOf(below, below.left) });
    }
  }
  return rules;
}

function usedOf(operator: OrderedOperator, side: RelationSet): RelationSet {
  const used = operator.uses & side;
  return used === EMPTY_SET ? side : used;
}

function relationsIn(columns: ReadonlySet<number>, relationOf: ReadonlyMap<number, number>): RelationSet {
  let relations = EMPTY_SET;
  for (const id of columns) {
    const relation = relationOf.get(id);
    if (relation !== undefined) relations |= setOf(relation);
  }
  return relations;
}
