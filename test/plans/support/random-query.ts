/**
 * Random queries over the tables of the agreement test: subqueries of every kind, correlated with any of the queries
 * around them, below joins, aggregates and unions. No LIMIT, and no order, so that answers can be compared as bags.
 */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  t: ['a', 'b'],
  u: ['a', 'b'],
  v: ['k', 'x'],
  none: ['a', 'b'],
};

type Random = () => number;

export class RandomQuery {
  private readonly random: Random;
  private aliases = 0;

  constructor(random: Random) {
    this.random = random;
  }

  query(): string {
    return this.select([], 3, 1 + this.below(2));
  }

  private below(count: number): number {
    return Math.floor(this.random() * count);
  }

  private pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  private chance(share: number): boolean {
    return this.random() < share;
  }

  /** FROM with one or two tables, and the columns it makes. */
  private from(outer: readonly string[], depth: number): { readonly sql: string; readonly columns: readonly string[] } {
    const one = this.relation(depth);
    if (this.chance(0.5)) return one;
    const two = this.relation(depth);
    const columns = [...one.columns, ...two.columns];
    const join = this.pick(['join', 'join', 'left join', 'full join']);
    const equality = `${this.pick(one.columns)} = ${this.pick(two.columns)}`;
    // PostgreSQL needs a merge- or hash-joinable condition for FULL JOIN.
    const more = join !== 'full join' && this.chance(0.4) ? ` and ${this.comparison(columns, outer)}` : '';
    return { sql: `${one.sql} ${join} ${two.sql} on ${equality}${more}`, columns };
  }

  private relation(depth: number): { readonly sql: string; readonly columns: readonly string[] } {
    const alias = `q${++this.aliases}`;
    if (depth > 0 && this.chance(0.2)) {
      const inner = this.select([], depth - 1, 2, ['c1', 'c2']);
      return { sql: `(${inner}) as ${alias}`, columns: [`${alias}.c1`, `${alias}.c2`] };
    }
    const table = this.pick(['t', 't', 'u', 'u', 'v', 'v', 'none']);
    return { sql: `${table} as ${alias}`, columns: TABLES[table]!.map((column) => `${alias}.${column}`) };
  }

  private comparison(columns: readonly string[], outer: readonly string[]): string {
    const other = outer.length > 0 && this.chance(0.6) ? this.pick(outer) : this.pick([...columns, '1', '2']);
    const operator = this.pick(['=', '=', '=', '=', '<', '>', '<>', 'is not distinct from']);
    return `${this.pick(columns)} ${operator} ${other}`;
  }

  private condition(columns: readonly string[], outer: readonly string[], depth: number): string {
    if (depth > 0 && this.chance(0.45)) return this.subqueryCondition(columns, outer, depth);
    const one = this.comparison(columns, outer);
    if (this.chance(0.2)) return `(${one} or ${this.comparison(columns, outer)})`;
    if (this.chance(0.1)) return `${this.pick(columns)} is null`;
    return one;
  }

  private subqueryCondition(columns: readonly string[], outer: readonly string[], depth: number): string {
    const visible = [...columns, ...outer];
    const not = this.chance(0.4) ? 'not ' : '';
    const column = this.pick(columns);
    const inner = (width: number): string => this.select(visible, depth - 1, width);
    const condition = ((): string => {
      switch (this.below(5)) {
        case 0:
          return `${not}exists (${inner(1)})`;
        case 1:
          return `${column} ${not}in (${inner(1)})`;
        case 2:
          return `${column} ${this.pick(['=', '<', '>='])} ${this.pick(['any', 'all'])} (${inner(1)})`;
        case 3:
          return `(${column}, ${this.pick(columns)}) ${not}in (${inner(2)})`;
        default:
          return `${column} ${this.pick(['=', '<', '>'])} ${this.scalar(visible, depth)}`;
      }
    })();
    return this.chance(0.2) ? `(${condition} or ${this.comparison(columns, outer)})` : condition;
  }

  /** A subquery with one row at most. */
  private scalar(outer: readonly string[], depth: number): string {
    const { sql, columns } = this.from(outer, depth - 1);
    const where = this.where(columns, outer, depth - 1);
    const having = this.chance(0.15) ? ` having count(*) ${this.pick(['>', '<', '='])} ${this.below(3)}` : '';
    return `(select ${this.aggregate(columns, outer)} from ${sql}${where}${having})`;
  }

  private aggregate(columns: readonly string[], outer: readonly string[]): string {
    const column = this.pick(columns);
    const argument = outer.length > 0 && this.chance(0.15) ? `${column} + ${this.pick(outer)}` : column;
    return this.pick([
      'count(*)',
      `count(${argument})`,
      `sum(${argument})`,
      `max(${argument})`,
      `count(distinct ${argument})`,
      `coalesce(min(${argument}), 7)`,
      'count(*) + 1',
    ]);
  }

  private where(columns: readonly string[], outer: readonly string[], depth: number): string {
    const conditions = Array.from({ length: this.below(3) }, () => this.condition(columns, outer, depth));
    if (outer.length > 0 && this.chance(0.6)) conditions.push(this.comparison(columns, outer));
    return conditions.length > 0 ? ` where ${conditions.join(' and ')}` : '';
  }

  private select(outer: readonly string[], depth: number, width: number, names?: readonly string[]): string {
    const { sql, columns } = this.from(outer, depth);
    const where = this.where(columns, outer, depth);
    const named = (items: readonly string[]): string =>
      items.map((item, i) => (names ? `${item} as ${names[i]}` : item)).join(', ');
    if (this.chance(0.25)) {
      const key = this.pick(columns);
      const items = [`${key}`, this.aggregate(columns, outer)].slice(0, width);
      const body = `from ${sql}${where} group by ${key}`;
      return `select ${named(items)} ${body}`;
    }
    const items = Array.from({ length: width }, () =>
      depth > 0 && this.chance(0.25)
        ? this.scalar([...columns, ...outer], depth)
        : outer.length > 0 && this.chance(0.15)
          ? `${this.pick(columns)} + ${this.pick(outer)}`
          : this.pick(columns),
    );
    const distinct = this.chance(0.15) ? 'distinct ' : '';
    const select = `select ${distinct}${named(items)} from ${sql}${where}`;
    return depth > 0 && this.chance(0.12) ? `${select} union all ${this.select(outer, depth - 1, width)}` : select;
  }
}
