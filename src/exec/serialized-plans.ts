import { serialize } from 'node:v8';
import type { PhysicalNode } from '../planner/physical/physical-plan.js';

/** A plan as it is handed to workers. */
export interface SerializedPlan {
  readonly bytes: Uint8Array;
  /** See `QueryReference.planNumber`. */
  readonly number: number;
}

/** Serialises each plan once, and tells those that run again by numbers. */
export class SerializedPlans {
  private readonly known = new WeakMap<PhysicalNode, SerializedPlan>();
  private count = 0;

  of(plan: PhysicalNode): SerializedPlan {
    const known = this.known.get(plan);
    if (known !== undefined && known.number > 0) return known;
    const made = known === undefined ? { bytes: serialize(plan), number: 0 } : { ...known, number: ++this.count };
    this.known.set(plan, made);
    return made;
  }
}
