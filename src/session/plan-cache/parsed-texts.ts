import { parseStatements } from '../../parser/index.js';
import type { ParsedStatement } from '../session.js';

/** Characters of all texts whose syntax is kept: it takes some twenty bytes for each. */
const MAX_CHARACTERS = 512 * 1024;
/** Of one text: longer ones are scripts and bulk inserts, which hardly come again. */
const MAX_TEXT = 16 * 1024;

/** What texts consist of that were parsed before. */
export class ParsedTexts {
  /** Texts that were found again. */
  hits = 0;
  private readonly isChecked: boolean;
  private readonly known = new Map<string, readonly ParsedStatement[]>();
  private characters = 0;

  /** `checked`: syntax cannot be changed, since what one statement did to it the next one would find. */
  constructor(checked: boolean) {
    this.isChecked = checked;
  }

  parse(sql: string): readonly ParsedStatement[] {
    const known = this.known.get(sql);
    if (known !== undefined) {
      this.hits++;
      this.known.delete(sql);
      this.known.set(sql, known);
      return known;
    }
    const statements = parseStatements(sql).map((syntax) => ({
      text: sql.slice(syntax.position, syntax.end),
      offset: syntax.position,
      syntax,
    }));
    if (this.isChecked) freeze(statements);
    if (sql.length <= MAX_TEXT) this.keep(sql, statements);
    return statements;
  }

  private keep(sql: string, statements: readonly ParsedStatement[]): void {
    this.known.set(sql, statements);
    this.characters += sql.length;
    for (const oldest of this.known.keys()) {
      if (this.characters <= MAX_CHARACTERS) return;
      this.known.delete(oldest);
      this.characters -= oldest.length;
    }
  }
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
}
