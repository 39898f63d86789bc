import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { parse, resolve } from 'node:path';
import { resourceError } from '../common/errors.js';
import type { ExplainFormat } from '../planner/explain/explain-report.js';
import type { Session } from '../session/session.js';
import type { CommandArguments } from './command.js';
import { usageError } from './parse-arguments.js';

const FORMATS: Readonly<Record<string, ExplainFormat>> = { '.svg': 'svg', '.json': 'json', '.txt': 'text' };

/** `--plan FILE`: how each query ran. The first goes into the file, others beside it: plan.svg, plan-2.svg … */
export class PlanFiles {
  private readonly path: string;
  private readonly format: ExplainFormat;
  private readonly reports: string[] = [];

  private constructor(path: string, format: ExplainFormat) {
    this.path = path;
    this.format = format;
  }

  static of(args: CommandArguments): PlanFiles | undefined {
    const path = args.text('plan');
    if (path === undefined) return undefined;
    const format = FORMATS[parse(path).ext.toLowerCase()];
    if (format === undefined) {
      throw usageError(
        `"${path}" does not say what plans are written as`,
        'Name a file that ends in .svg, .json or .txt.',
      );
    }
    return new PlanFiles(path, format);
  }

  observe(session: Session): void {
    session.onPlan((report) => this.reports.push(report.write(this.format)));
  }

  /** Files appear when they are complete. */
  write(): void {
    for (const [index, report] of this.reports.entries()) {
      const { dir, name, ext } = parse(resolve(this.path));
      const path = index === 0 ? resolve(this.path) : resolve(dir, `${name}-${index + 1}${ext}`);
      const partial = `${path}.partial-${process.pid}`;
      try {
        writeFileSync(partial, report.endsWith('\n') ? report : `${report}\n`);
        renameSync(partial, path);
      } catch (cause) {
        rmSync(partial, { force: true });
        throw resourceError('58030', `could not write the plan to "${path}": ${(cause as Error).message}`, {
          hint: 'Name a file in a folder that exists and can be written to.',
          cause,
        });
      }
    }
  }
}
