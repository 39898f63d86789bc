/**
 * Random trees of joins over the tables of the agreement test: inner, left, right and full joins, and semi and anti joins
 * as EXISTS around a part of the tree, with conditions on any of the columns below.
 */
const TABLES: readonly (readonly [string, readonly string[]])[] = [
  ['t', ['a', 'b']],
  ['u', ['a', 'b']],
  ['v', ['k', 'x']],
];

interface Part {
  readonly sql: string;
  readonly columns: readonly string[];
}

export class RandomJoins {
  private readonly random: () => number;
  private aliases = 0;

  constructor(random: () => number) {
    this.random = random;
  }

  query(): string {
    const { sql, columns } = this.tree(2 + this.below(4));
    const conditions = Array.from({ length: this.below(3) }, () => this.condition(columns));
    const picked = [0, 1, 2, 3].map(() => this.pick(columns));
    return `select ${picked.join(', ')} from ${sql}${whereOf([...conditions, ...this.exists(columns, 1)])}`;
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

  private tree(relations: number): Part {
    if (relations === 1) return this.relation();
    const split = 1 + this.below(relations - 1);
    const left = this.filtered(this.tree(split));
    const right = this.filtered(this.tree(relations - split));
    const kind = this.pick(['join', 'join', 'join', 'left join', 'left join', 'left join', 'right join', 'full join']);
    const columns = [...left.columns, ...right.columns];
    const [ofLeft, ofRight] = [this.pick(left.columns), this.pick(right.columns)];
    // PostgreSQL wants nothing but equalities of both sides for FULL JOIN; others may hold for a row of NULLs.
    const conditions = [
      kind !== 'full join' && this.chance(0.2)
        ? this.pick([`${ofLeft} is not distinct from ${ofRight}`, `coalesce(${ofLeft}, 1) = ${ofRight}`])
        : `${ofLeft} = ${ofRight}`,
    ];
    if (this.chance(0.2)) conditions.push(`${this.pick(left.columns)} = ${this.pick(right.columns)}`);
    if (kind !== 'full join' && this.chance(0.3)) conditions.push(this.condition(columns));
    return { sql: `(${left.sql} ${kind} ${right.sql} on ${conditions.join(' and ')})`, columns };
  }

  private relation(): Part {
    const alias = `q${++this.aliases}`;
    const [table, columns] = this.pick(TABLES);
    return { sql: `${table} as ${alias}`, columns: columns.map((column) => `${alias}.${column}`) };
  }

  /** Sometimes a part of the tree with a filter or a semi or anti join on it, as a subquery. */
  private filtered(part: Part): Part {
    if (!this.chance(0.2)) return part;
    const alias = `q${++this.aliases}`;
    const names = part.columns.map((_, i) => `c${i}`);
    const conditions = this.chance(0.3) ? [this.condition(part.columns)] : this.exists(part.columns, 3);
    const items = part.columns.map((column, i) => `${column} as ${names[i]}`).join(', ');
    return {
      sql: `(select ${items} from ${part.sql}${whereOf(conditions)}) as ${alias}`,
      columns: names.map((name) => `${alias}.${name}`),
    };
  }

  /** In up to `most` of three cases a subquery that keeps or drops rows. */
  private exists(outer: readonly string[], most: number): string[] {
    if (this.below(3) >= most) return [];
    const { sql, columns } = this.tree(1 + this.below(2));
    const not = this.chance(0.5) ? 'not ' : '';
    if (this.chance(0.25)) return [`${this.pick(outer)} ${not}in (select ${this.pick(columns)} from ${sql})`];
    const conditions = [`${this.pick(outer)} = ${this.pick(columns)}`];
    if (this.chance(0.3)) conditions.push(this.condition([...outer, ...columns]));
    return [`${not}exists (select 1 from ${sql}${whereOf(conditions)})`];
  }

  private condition(columns: readonly string[]): string {
    const [one, other] = [this.pick(columns), this.pick(columns)];
    return this.pick([
      `${one} = ${other}`,
      `${one} = ${other}`,
      `${one} <= ${other}`,
      `${one} is not distinct from ${other}`,
      `${one} is null`,
      `(${one} is null or ${other} > 1)`,
      `(${one} = ${other} or ${this.pick(columns)} = 2)`,
      `coalesce(${one}, 1) = ${other}`,
      `${one} + ${other} = ${this.pick(columns)}`,
      `${one} <> 1`,
    ]);
  }
}

const whereOf = (conditions: readonly string[]): string =>
  conditions.length > 0 ? ` where ${conditions.join(' and ')}` : '';
