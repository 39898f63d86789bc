import type { PhysicalNode } from '../physical/physical-plan.js';
import { explainPlanAsJson } from './explain-json.js';
import type { ReportOptions } from './explain-options.js';
import { explainPlan } from './explain-text.js';
import { explainPlanAsSvg } from './picture/explain-svg.js';

export const EXPLAIN_FORMATS = ['text', 'json', 'svg'] as const;
export type ExplainFormat = (typeof EXPLAIN_FORMATS)[number];

/** What EXPLAIN says of a plan: the lines of the text, or all of the JSON or picture as one. */
export function explainReport(format: ExplainFormat, plan: PhysicalNode, options: ReportOptions = {}): string[] {
  const { planningMs, executionMs } = options;
  switch (format) {
    case 'text': {
      const times = [
        ...(planningMs === undefined ? [] : [`Planning Time: ${planningMs.toFixed(3)} ms`]),
        ...(executionMs === undefined ? [] : [`Execution Time: ${executionMs.toFixed(3)} ms`]),
      ];
      return [...explainPlan(plan, options), ...times];
    }
    case 'json': {
      const report = {
        Plan: explainPlanAsJson(plan, options),
        ...(planningMs !== undefined && { 'Planning Time': planningMs }),
        ...(executionMs !== undefined && { 'Execution Time': executionMs }),
      };
      return [JSON.stringify([report], undefined, 2)];
    }
    case 'svg':
      return [explainPlanAsSvg(plan, options)];
  }
}
