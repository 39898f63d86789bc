import { deepEqual, equal, fail, ok } from 'node:assert/strict';
import { describe, test } from 'node:test';
import { buildJoinGraph } from '../../../src/planner/join-order/join-graph.js';
import { JoinPlanner, type JoinTree } from '../../../src/planner/join-order/join-planner.js';
import { collectRegion, isRegion } from '../../../src/planner/join-order/join-region.js';
import { orderExactly, PAIR_BUDGET } from '../../../src/planner/join-order/order-exactly.js';
import { orderGreedily } from '../../../src/planner/join-order/order-greedily.js';
import { isSubset, type RelationSet, setOf } from '../../../src/planner/join-order/relation-set.js';
import type { LogicalJoin, LogicalNode } from '../../../src/planner/logical/logical-plan.js';
import { inputsOf, visitPlan } from '../../../src/planner/logical/plan-tree.js';
import { planSql } from '../../plans/support/plan-sql.js';
import { catalogOf, int, sketchTable } from '../../plans/support/tpch-catalog.js';

type Random = () => number;

function randomFrom(seed: number): Random {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const COLUMNS = ['a', 'b', 'c'];

/** Tables r0, r1, … with random row counts and distinct values. */
function randomTables(random: Random, count: number): ReturnType<typeof catalogOf> {
  return catalogOf(
    Array.from({ length: count }, (_, i) => {
      const rows = Math.ceil(10 ** (random() * 6));
      const columns = COLUMNS.map((name) => int(name, 1, Math.ceil(rows ** random())));
      return sketchTable(`r${i}`, rows, columns);
    }),
  );
}

/** The region of a query as it was written. */
async function plannerOf(sql: string, random: Random, count: number): Promise<JoinPlanner> {
  const disabledRules = new Set(['join-order', 'eager-aggregation']);
  const { logicalPlan } = await planSql(sql, randomTables(random, count), { disabledRules });
  let top: LogicalNode = logicalPlan;
  while (!isRegion(top)) top = inputsOf(top)[0]!;
  const used = new Set<number>();
  visitPlan(top, (node) => node.kind === 'scan' && node.columns.forEach((column) => void used.add(column.id)));
  return new JoinPlanner(buildJoinGraph(collectRegion(top)), used);
}

/** A connected graph of inner joins, with a few edges more than a tree has. */
function randomInnerJoins(random: Random, count: number): string {
  const pick = (below: number): number => Math.floor(random() * below);
  const column = (relation: number): string => `r${relation}.${COLUMNS[pick(3)]}`;
  const conditions = Array.from({ length: count - 1 }, (_, i) => `${column(i + 1)} = ${column(pick(i + 1))}`);
  for (let more = pick(3); more > 0; more--) {
    const [one, other] = [pick(count), pick(count)];
    if (one !== other) conditions.push(`${column(one)} ${random() < 0.5 ? '=' : '<'} ${column(other)}`);
  }
  if (count > 2 && random() < 0.3) conditions.push(`${column(0)} + ${column(1)} = ${column(2)}`);
  const tables = Array.from({ length: count }, (_, i) => `r${i}`);
  return `select count(*) from ${tables.join(', ')} where ${conditions.join(' and ')}`;
}

/** A tree with joins of all kinds. */
function randomMixedJoins(random: Random, count: number): string {
  const pick = (below: number): number => Math.floor(random() * below);
  const column = (relation: number): string => `r${relation}.${COLUMNS[pick(3)]}`;
  const visible = [0];
  let from = 'r0';
  let where = '';
  for (let i = 1; i < count; i++) {
    const condition = `${column(i)} = ${column(visible[pick(visible.length)]!)}`;
    const kind = ['join', 'join', 'left join', 'left join', 'full join', 'semi', 'anti'][pick(7)]!;
    if (kind === 'semi' || kind === 'anti') {
      where += `${where ? ' and' : ' where'}${kind === 'anti' ? ' not' : ''} exists (select 1 from r${i} where ${condition})`;
    } else {
      from = `(${from} ${kind} r${i} on ${condition})`;
      visible.push(i);
    }
  }
  return `select count(*) from ${from}${where}`;
}

const isConnected = ({ graph }: JoinPlanner, one: RelationSet, other: RelationSet): boolean =>
  graph.edges.some(
    ({ left, right }) =>
      (isSubset(left, one) && isSubset(right, other)) || (isSubset(left, other) && isSubset(right, one)),
  );

/** The least cost of all trees, by trying every split of every set. */
function cheapest(planner: JoinPlanner): number | undefined {
  const treesOf = new Map<RelationSet, JoinTree | undefined>();
  const best = (set: RelationSet): JoinTree | undefined => {
    if ((set & (set - 1)) === 0) return planner.leaf(set);
    if (treesOf.has(set)) return treesOf.get(set);
    let least: JoinTree | undefined;
    for (let part = (set - 1) & set; part > 0; part = (part - 1) & set) {
      if (!isConnected(planner, part, set & ~part)) continue;
      const [one, other] = [best(part), best(set & ~part)];
      const tree = one && other && planner.join(one, other);
      if (tree && (!least || tree.cost < least.cost)) least = tree;
    }
    treesOf.set(set, least);
    return least;
  };
  return best(planner.graph.all)?.cost;
}

function crossJoinsIn(tree: JoinTree, planner: JoinPlanner): number {
  if (!tree.join) return 0;
  const { left, right } = tree.join;
  const joins = planner.graph.edges.filter((edge) => !edge.isCross);
  const isCross = !joins.some(
    (edge) =>
      (isSubset(edge.left, left.relations) && isSubset(edge.right, right.relations)) ||
      (isSubset(edge.left, right.relations) && isSubset(edge.right, left.relations)),
  );
  return (isCross ? 1 : 0) + crossJoinsIn(left, planner) + crossJoinsIn(right, planner);
}

describe('join order', () => {
  for (const [name, randomJoins] of [
    ['inner joins', randomInnerJoins],
    ['joins of all kinds', randomMixedJoins],
  ] as const) {
    test(`dynamic programming finds what trying all trees of ${name} finds`, async () => {
      for (let seed = 1; seed <= 150; seed++) {
        const random = randomFrom(seed);
        const count = 2 + Math.floor(random() * 5);
        const sql = randomJoins(random, count);
        const planner = await plannerOf(sql, random, count);
        const found = orderExactly(planner);
        const least = cheapest(planner);
        ok(found && least !== undefined, `seed ${seed}: no tree for ${sql}`);
        ok(Math.abs(found.cost - least) <= 1e-9 * least, `seed ${seed}: ${found.cost} instead of ${least} for ${sql}`);
        const greedy = orderGreedily(planner);
        ok(greedy && greedy.cost >= found.cost * (1 - 1e-9), `seed ${seed}: greedy is cheaper for ${sql}`);
      }
    });
  }

  test('no cross product stands where there is a join', async () => {
    for (let seed = 1; seed <= 100; seed++) {
      const random = randomFrom(seed);
      const count = 3 + Math.floor(random() * 5);
      const planner = await plannerOf(randomInnerJoins(random, count), random, count);
      for (const order of [orderExactly, orderGreedily])
        equal(crossJoinsIn(order(planner)!, planner), 0, `seed ${seed}`);
    }
  });

  test('parts without a join between them meet once, when both are joined', async () => {
    const random = randomFrom(7);
    const sql = 'select count(*) from r0, r1, r2, r3, r4 where r0.a = r1.a and r1.b = r2.b and r3.a = r4.a';
    const planner = await plannerOf(sql, random, 5);
    for (const order of [orderExactly, orderGreedily]) {
      const tree = order(planner)!;
      equal(crossJoinsIn(tree, planner), 1);
      deepEqual(
        [tree.join!.left.relations, tree.join!.right.relations].sort((a, b) => a - b),
        [setOf(0) | setOf(1) | setOf(2), setOf(3) | setOf(4)],
      );
    }
  });

  test('rows of a set do not depend on how it is joined', async () => {
    for (let seed = 1; seed <= 50; seed++) {
      const random = randomFrom(seed);
      const planner = await plannerOf(randomMixedJoins(random, 5), random, 5);
      const rowsOf = new Map<RelationSet, number>();
      const check = (tree: JoinTree): void => {
        equal(rowsOf.get(tree.relations) ?? tree.rows, tree.rows, `seed ${seed}`);
        rowsOf.set(tree.relations, tree.rows);
        if (tree.join) for (const part of [tree.join.left, tree.join.right]) check(part);
      };
      for (const order of [orderExactly, orderGreedily]) check(order(planner)!);
    }
  });

  test('greedy takes over when the budget of pairs is spent', async () => {
    const count = 16;
    const random = randomFrom(3);
    const tables = Array.from({ length: count }, (_, i) => `r${i}`);
    const star = tables.slice(1).map((table, i) => `r0.${COLUMNS[i % 3]} + ${i} = ${table}.a`);
    const sql = `select count(*) from ${tables.join(', ')} where ${star.join(' and ')}`;
    const planner = await plannerOf(sql, random, count);
    // Pairs of inner joins are counted before any join is looked at, and the clock with it.
    const now = (): number => fail('a search that cannot end was begun');
    equal(orderExactly(planner, { pairs: PAIR_BUDGET, milliseconds: 100, now }), undefined);
    equal(orderGreedily(planner)!.relations, planner.graph.all);
  });

  test('and when its time is over, however few pairs were looked at', async () => {
    const count = 12;
    const tables = Array.from({ length: count }, (_, i) => `r${i}`);
    const star = tables.slice(1).map((table, i) => `r0.${COLUMNS[i % 3]} + ${i} = ${table}.a`);
    const planner = await plannerOf(
      `select count(*) from ${tables.join(', ')} where ${star.join(' and ')}`,
      randomFrom(3),
      count,
    );
    let time = 0;
    let looks = 0;
    const now = (): number => {
      looks++;
      time += 30;
      return time;
    };
    // Every look at the clock is 30 ms after the last: 100 ms are over at the fourth after the first.
    equal(orderExactly(planner, { pairs: PAIR_BUDGET, milliseconds: 100, now }), undefined);
    equal(looks, 5);
    ok(orderExactly(planner, { pairs: PAIR_BUDGET, milliseconds: 100, now: () => 0 }));
  });

  test('more relations than fit a set are ordered a part at a time', async () => {
    const count = 70;
    const tables = Array.from({ length: count }, (_, i) => `r${i}`);
    const chain = tables.slice(1).map((table, i) => `r${i}.a = ${table}.b`);
    const sql = `select count(*) from ${tables.toReversed().join(', ')} where ${chain.join(' and ')}`;
    const { logicalPlan } = await planSql(sql, randomTables(randomFrom(5), count));
    const joins: LogicalJoin[] = [];
    visitPlan(logicalPlan, (node) => {
      if (node.kind === 'join') joins.push(node);
    });
    equal(joins.length, count - 1);
    ok(joins.every((join) => join.conditions.length > 0));
  });
});
