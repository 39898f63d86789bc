import { type FuzzType, randomLiteral } from './fuzz-types.js';
import type { Random } from './random.js';
import type { Bounds, ScalarTemplate } from './scalar-templates.js';
import { group, list, renderSql, type SqlGroup, type SqlNode } from './sql-tree.js';

/** A value that a query can name, or that it computes. */
export interface Operand extends Bounds {
  readonly node: SqlGroup;
  readonly type: FuzzType;
}

/** What an expression may use. */
export interface Scope {
  readonly columns: readonly Operand[];
  /** Columns of the queries around it. */
  readonly outer: readonly Operand[];
}

/** Makes a subquery that stands for a value or a condition; undefined where there may be none. */
export interface SubqueryMaker {
  scalar(type: FuzzType, scope: Scope, depth: number): Operand | undefined;
  condition(scope: Scope, depth: number): SqlNode | undefined;
}

const COMPARISONS = ['=', '=', '=', '<>', '<', '<=', '>', '>='];

/** What stands for a whole expression when a failing query is made smaller. */
const substitutesOf = (type: FuzzType): string[] => [`null::${type}`];

export class RandomExpression {
  private readonly random: Random;
  private readonly templates: readonly ScalarTemplate[];
  private readonly subqueries: SubqueryMaker;
  /** Whether templates that may fail are used. */
  private readonly fallible: boolean;

  constructor(random: Random, templates: readonly ScalarTemplate[], subqueries: SubqueryMaker, fallible: boolean) {
    this.random = random;
    this.templates = templates;
    this.subqueries = subqueries;
    this.fallible = fallible;
  }

  make(type: FuzzType, scope: Scope, depth: number): Operand {
    const { random } = this;
    if (depth <= 0 || random.chance(0.3)) return this.leaf(type, scope);
    if (random.chance(0.08)) {
      const subquery = this.subqueries.scalar(type, scope, depth - 1);
      if (subquery !== undefined) return subquery;
    }
    if (type === 'boolean' && random.chance(0.7)) return this.boolean(scope, depth);
    if (random.chance(0.3)) return this.conditional(type, scope, depth);
    return this.fromTemplate(type, scope, depth) ?? this.leaf(type, scope);
  }

  condition(scope: Scope, depth: number): SqlNode {
    return this.boolean(scope, depth).node;
  }

  /** A column, or rarely a literal. */
  private leaf(type: FuzzType, scope: Scope): Operand {
    const { random } = this;
    const own = scope.columns.filter((column) => column.type === type);
    const outer = scope.outer.filter((column) => column.type === type);
    if (outer.length > 0 && random.chance(own.length > 0 ? 0.25 : 0.8)) return random.pick(outer);
    if (own.length > 0 && random.chance(0.85)) return random.pick(own);
    if (random.chance(0.06)) return { node: group(type, [`null::${type}`]), type, limit: 0, scale: 0 };
    const { sql, limit, scale } = randomLiteral(random, type);
    return { node: group(type, [sql]), type, limit, scale };
  }

  private wrap(type: FuzzType, parts: readonly SqlNode[], operands: readonly Bounds[]): Operand {
    const limit = Math.max(0, ...operands.map((operand) => operand.limit));
    const scale = Math.max(0, ...operands.map((operand) => operand.scale));
    return { node: group(type, ['(', ...parts, ')'], substitutesOf(type)), type, limit, scale };
  }

  private fromTemplate(type: FuzzType, scope: Scope, depth: number): Operand | undefined {
    const usable = this.templates.filter(
      (template) => template.result === type && (template.fallible !== true || this.fallible),
    );
    if (usable.length === 0) return undefined;
    const template = this.random.pick(usable);
    const operands = template.arguments.map((argument) => this.make(argument, scope, depth - 1));
    // PostgreSQL computes constants even where there are no rows.
    if (this.fallible && !operands.some(({ node }) => /\bq\d+\./.test(renderSql(node)))) return undefined;
    const parts = template.sql
      .split(/(\$\d)/)
      .map((part) => (part.startsWith('$') ? operands[Number(part.slice(1))]!.node : part));
    // Our decimals end at 38 digits, PostgreSQL's do not.
    if (this.fallible && operands.some((operand) => operand.type === 'numeric' && operand.limit > 1e15))
      return undefined;
    if (template.fallible === true) return this.wrap(type, parts, [{ limit: Infinity, scale: 0 }]);
    const bounds = template.bounds === undefined ? operands : [template.bounds(operands)];
    if (bounds[0] === undefined) {
      const mayFail = this.fallible && type !== 'numeric';
      return mayFail ? this.wrap(type, parts, [{ limit: Infinity, scale: 0 }]) : undefined;
    }
    return this.wrap(type, parts, bounds as readonly Bounds[]);
  }

  private conditional(type: FuzzType, scope: Scope, depth: number): Operand {
    const { random } = this;
    const value = (): Operand => this.make(type, scope, depth - 1);
    switch (random.below(5)) {
      case 0: {
        const values = random.times(random.between(2, 3), value);
        return this.wrap(type, ['coalesce', list('(', ', ', nodesOf(values), 1, ')')], values);
      }
      case 1: {
        const [left, right] = [value(), value()];
        return this.wrap(type, ['nullif(', left.node, ', ', right.node, ')'], [left]);
      }
      case 2: {
        const values = random.times(random.between(2, 3), value);
        const name = random.pick(['greatest', 'least']);
        return this.wrap(type, [name, list('(', ', ', nodesOf(values), 1, ')')], values);
      }
      case 3: {
        const subject = this.make(random.pick(['integer', 'text'] as const), scope, depth - 1);
        const values = random.times(2, value);
        const parts = [
          'case ',
          subject.node,
          ' when ',
          this.make(subject.type, scope, 0).node,
          ' then ',
          values[0]!.node,
        ];
        return this.wrap(type, [...parts, ' else ', values[1]!.node, ' end'], values);
      }
      default: {
        const values = random.times(random.between(1, 3), value);
        const branches = values.map(({ node }) =>
          group(undefined, ['when ', this.condition(scope, depth - 1), ' then ', node]),
        );
        const otherwise = random.chance(0.6) ? value() : undefined;
        const parts = [
          'case ',
          list('', ' ', branches, 1),
          otherwise === undefined ? '' : ' else ',
          otherwise?.node ?? '',
          ' end',
        ];
        return this.wrap(type, parts, otherwise === undefined ? values : [...values, otherwise]);
      }
    }
  }

  private boolean(scope: Scope, depth: number): Operand {
    const { random } = this;
    if (depth > 0 && random.chance(0.15)) {
      const subquery = this.subqueries.condition(scope, depth - 1);
      if (subquery !== undefined) return this.wrap('boolean', [subquery], []);
    }
    if (depth > 0 && random.chance(0.3)) {
      const template = this.fromTemplate('boolean', scope, depth);
      if (template !== undefined) return template;
    }
    const columns = [...scope.columns, ...scope.outer];
    const type = columns.length > 0 ? random.pick(columns).type : 'integer';
    const value = (): SqlNode => this.make(type, scope, depth - 1).node;
    const simple = (): SqlNode =>
      random.chance(0.35) ? group(type, [randomLiteral(random, type).sql]) : this.leaf(type, scope).node;
    const left = value();
    switch (random.below(9)) {
      case 0:
        return this.wrap('boolean', [left, random.pick([' is null', ' is not null'])], []);
      case 1:
        return this.wrap('boolean', [left, random.pick([' is distinct from ', ' is not distinct from ']), value()], []);
      case 2:
        return this.wrap(
          'boolean',
          [left, random.pick([' between ', ' not between ']), simple(), ' and ', simple()],
          [],
        );
      case 3: {
        const items = random.times(random.between(1, 4), simple);
        return this.wrap('boolean', [left, random.pick([' in ', ' not in ']), list('(', ', ', items, 1, ')')], []);
      }
      default:
        return this.wrap(
          'boolean',
          [left, ` ${random.pick(COMPARISONS)} `, random.chance(0.5) ? simple() : value()],
          [],
        );
    }
  }
}

const nodesOf = (operands: readonly Operand[]): SqlNode[] => operands.map(({ node }) => node);
