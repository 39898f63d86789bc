import type { PGlite } from '@electric-sql/pglite';
import { MillraceError } from '../../src/common/errors.js';
import type { Engine } from '../../src/session/engine.js';
import type { Session } from '../../src/session/session.js';
import { execute } from '../slt/run-slt.js';
import { openPostgres } from '../support/open-postgres.js';

/** What an expression gave: its text, NULL, or an error. */
export interface ProbeAnswer {
  readonly value: string | null;
  readonly code: string | undefined;
  readonly message: string | undefined;
}

export interface ProbeDifference {
  readonly expression: string;
  readonly ours: ProbeAnswer;
  readonly theirs: ProbeAnswer;
}

export interface ProbeOptions {
  /** Statements that both run first: `set timezone to 'Europe/Berlin'`. */
  readonly prelude?: readonly string[];
  /** Errors must have the same text, not only the same SQLSTATE. */
  readonly messages?: boolean;
}

/** What PostgreSQL makes of an expression: many are asked in one query, as each takes longer than its evaluation. */
const PROBE = `
  create function probe(expression text, out value text, out code text, out message text) language plpgsql as $$
  begin
    execute 'select (' || expression || ')::text' into value;
  exception when others then
    code := sqlstate;
    message := sqlerrm;
  end $$`;

/** Evaluates expressions of SQL, one by one, in Millrace and in PostgreSQL (PGlite), and returns where they differ. */
export class ProbeEngines {
  private readonly session: Session;
  private readonly postgres: PGlite;

  private constructor(session: Session, postgres: PGlite) {
    this.session = session;
    this.postgres = postgres;
  }

  static async open(engine: Engine): Promise<ProbeEngines> {
    const postgres = await openPostgres();
    await postgres.exec("set timezone to 'UTC'");
    await postgres.exec(PROBE);
    return new ProbeEngines(engine.openSession(), postgres);
  }

  async close(): Promise<void> {
    await this.session.close();
    await this.postgres.close();
  }

  async compare(expressions: Iterable<string>, options: ProbeOptions = {}): Promise<ProbeDifference[]> {
    for (const statement of ["set timezone to 'UTC'", ...(options.prelude ?? [])]) {
      await execute(this.session, statement);
      await this.postgres.exec(statement);
    }
    const differences: ProbeDifference[] = [];
    const asked = [...expressions];
    const answers = await this.askPostgres(asked);
    for (const [index, expression] of asked.entries()) {
      const theirs = answers[index]!;
      const ours = await this.askMillrace(expression);
      if (!sameAnswer(ours, theirs, options.messages === true)) differences.push({ expression, ours, theirs });
    }
    return differences;
  }

  private async askPostgres(expressions: readonly string[]): Promise<ProbeAnswer[]> {
    const sql = `select p.* from unnest($1::text[]) with ordinality as e (expression, place), probe(expression) as p order by place`;
    const { rows } = await this.postgres.query<Record<keyof ProbeAnswer, string | null>>(sql, [expressions]);
    return rows.map(({ value, code, message }) => ({ value, code: code ?? undefined, message: message ?? undefined }));
  }

  private async askMillrace(expression: string): Promise<ProbeAnswer> {
    try {
      return answer((await execute(this.session, `select (${expression})::text`))[0]![0]!);
    } catch (error) {
      if (!(error instanceof MillraceError)) {
        return { value: null, code: 'CRASH', message: String((error as Error).stack).slice(0, 400) };
      }
      return { value: null, code: error.code, message: error.message };
    }
  }
}

const answer = (value: string | null): ProbeAnswer => ({ value, code: undefined, message: undefined });

/** Trailing zeros after the point apart: the scale of our decimals is static. */
const plain = (text: string | null): string | null =>
  text !== null && /^-?\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, '') : text;

function sameAnswer(ours: ProbeAnswer, theirs: ProbeAnswer, messages: boolean): boolean {
  if (ours.code !== theirs.code) return false;
  if (ours.code !== undefined) return !messages || ours.message === theirs.message;
  return ours.value === theirs.value || plain(ours.value) === plain(theirs.value);
}

export function describeDifference({ expression, ours, theirs }: ProbeDifference): string {
  const shown = ({ value, code, message }: ProbeAnswer): string =>
    code === undefined ? (value === null ? 'NULL' : `'${value}'`) : `${code} ${message}`;
  return `${expression}\n    postgres: ${shown(theirs)}\n    millrace: ${shown(ours)}`;
}
