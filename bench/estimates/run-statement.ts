import type { Statement } from '../../src/parser/index.js';
import type { NodeCounters } from '../../src/planner/explain/explain-options.js';
import { inputsOf } from '../../src/planner/physical/physical-inputs.js';
import type { PhysicalNode } from '../../src/planner/physical/physical-plan.js';
import { collectCounters } from '../../src/session/collect-counters.js';
import type { Engine } from '../../src/session/engine.js';
import { planQueryOf } from '../../src/session/statements/query-statement.js';

export async function runScript(engine: Engine, sql: string): Promise<void> {
  const session = engine.openSession();
  try {
    for (const statement of session.parse(sql)) {
      const execution = await session.execute(await session.prepare(statement, []), [], { kind: 'arrow' });
      for await (const _chunk of execution.chunks());
    }
  } finally {
    await session.close();
  }
}

/** What the planner expected of an operator, and what it did. */
export interface OperatorRows {
  readonly kind: PhysicalNode['kind'];
  readonly estimated: number;
  readonly actual: number;
}

/** Runs a query and compares estimates with the counters that EXPLAIN ANALYZE shows. */
export async function measureOperators(engine: Engine, sql: string): Promise<OperatorRows[]> {
  const session = engine.openSession();
  try {
    // A scan that leaves out what no join wants has fewer rows than its own filters let pass.
    session.settings.set('millrace.join_filters', 'off');
    const [parsed] = session.parse(sql);
    const statement = parsed!.syntax as Statement;
    if (statement.kind !== 'queryStatement') throw new Error('only queries have estimates');
    const { plan } = await planQueryOf({ engine, session, sql, sqlOffset: 0 }, statement.query, []);
    const query = engine.executor.start(plan, { format: { kind: 'arrow' } });
    let counters: ReadonlyMap<number, NodeCounters> = new Map();
    query.beforeRelease = () => {
      counters = collectCounters(query.block, plan);
    };
    for await (const _chunk of query.chunks());
    return listNodes(plan).map(({ id, kind, estimatedRows }) => ({
      kind,
      estimated: estimatedRows,
      actual: counters.get(id)!.rows,
    }));
  } finally {
    await session.close();
  }
}

function listNodes(node: PhysicalNode): PhysicalNode[] {
  return [node, ...inputsOf(node).flatMap(listNodes)];
}

/** How far an estimate is off, in either direction: 1 is right. Less than a row counts as one. */
export function qError({ estimated, actual }: OperatorRows): number {
  const [left, right] = [Math.max(1, estimated), Math.max(1, actual)];
  return Math.max(left / right, right / left);
}
