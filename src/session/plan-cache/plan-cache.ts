import { createHash } from 'node:crypto';
import type { CatalogView } from '../../planner/catalog-view.js';
import type { ConstantExpression } from '../../planner/expression.js';
import type { PhysicalNode } from '../../planner/physical/physical-plan.js';
import type { QueryDescription } from '../../planner/plan-query.js';
import { formatType } from '../../types/sql-type.js';
import { type Observations, stillDefined, stillHold } from './observed-catalog.js';

const MAX_PLANS = 256;
/** Plans of more files than that are made anew: to list and compare them is most of planning. */
const MAX_FILES = 2_000;
/** Plans of texts that have come once: they push out each other, not those that come again. */
const MAX_NEW_PLANS = 64;
/** Files of such a plan, which take memory in vain where its text does not come again. */
const MAX_NEW_FILES = 200;
/** Texts of which it is known that they have come. */
const MAX_SEEN = 4_096;
/** How long another process's ANALYZE may go unnoticed. */
const LIFETIME_MS = 60_000;

/** A plan, and all that it depends on beside the text and the settings. */
export interface KeptPlan extends QueryDescription {
  readonly plan: PhysicalNode;
  readonly observations: Observations;
}

interface TimedPlan extends KeptPlan {
  readonly expiresMs: number;
}

type Plans = Map<string, TimedPlan>;

/** What a plan depends on that is not in the catalog. */
export interface PlanInputs {
  readonly text: string;
  /** Where it begins in its script: errors that a plan raises name positions. */
  readonly offset: number;
  /** Names and values that differ between sessions. */
  readonly session: readonly (readonly [string, string])[];
  readonly parameters: readonly ConstantExpression[];
}

/**
 * Plans of queries that were asked before. A plan is used again as long as the names in it stand for the same relations
 * and its scans would read the same files.
 */
export class PlanCache {
  /** How many queries needed no planning. */
  hits = 0;
  private readonly plans: Plans = new Map();
  private readonly newPlans: Plans = new Map();
  private readonly seen = new Set<string>();

  /** The plan of that key if it can be run now. */
  async find(key: string, catalog: CatalogView): Promise<KeptPlan | undefined> {
    const kept = this.known(key);
    if (kept === undefined) return undefined;
    if (!(await stillHold(kept.observations, catalog))) {
      this.forget(key);
      return undefined;
    }
    this.hits++;
    return kept;
  }

  /** The columns of the query of that key. */
  async describe(key: string, catalog: CatalogView): Promise<QueryDescription | undefined> {
    const kept = this.known(key);
    return kept && (await stillDefined(kept.observations, catalog)) ? kept : undefined;
  }

  /** Keeps the plan of a query that has just been planned. */
  keep(key: string, plan: KeptPlan): void {
    const isNew = !this.seen.has(key);
    if (isNew) {
      if (this.seen.size >= MAX_SEEN) this.seen.clear();
      this.seen.add(key);
    }
    const scans = plan.observations.lookUps.flatMap((lookUp) => lookUp.scans);
    const files = scans.reduce((sum, scan) => sum + scan.files.length, 0);
    if (files > (isNew ? MAX_NEW_FILES : MAX_FILES)) return;
    const kept = { ...plan, expiresMs: performance.now() + LIFETIME_MS };
    if (isNew) put(this.newPlans, key, kept, MAX_NEW_PLANS);
    else put(this.plans, key, kept, MAX_PLANS);
  }

  /** After a statement that may change what plans should be made of. */
  clear(): void {
    this.plans.clear();
    this.newPlans.clear();
  }

  private known(key: string): KeptPlan | undefined {
    const kept = this.plans.get(key) ?? this.newPlans.get(key);
    if (kept === undefined) return undefined;
    this.forget(key);
    if (kept.expiresMs < performance.now()) return undefined;
    put(this.plans, key, kept, MAX_PLANS);
    return kept;
  }

  private forget(key: string): void {
    this.plans.delete(key);
    this.newPlans.delete(key);
  }
}

/** The one that was used last is the last. */
function put(plans: Plans, key: string, plan: TimedPlan, most: number): void {
  plans.set(key, plan);
  if (plans.size > most) plans.delete(plans.keys().next().value!);
}

/** Equal for queries that have one plan over one catalog; undefined for those whose plans are not kept. */
export function planKey({ text, offset, session, parameters }: PlanInputs): string | undefined {
  const values: string[] = [];
  for (const { type, value } of parameters) {
    if (typeof value === 'object' && value !== null) return undefined;
    values.push(`${formatType(type)} ${typeof value} ${Object.is(value, -0) ? '-0' : value}`);
  }
  return createHash('sha256')
    .update(JSON.stringify([text, offset, session, values]))
    .digest('base64');
}
