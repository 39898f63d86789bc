import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { MillraceError, toMillraceError, userError } from '../common/errors.js';
import { decodeTextRows } from '../exec/result/decode-text-rows.js';
import { locatePosition } from '../parser/index.js';
import type { ResultColumn, Session } from '../session/session.js';
import { runStatements, type ScriptVisitor, type StatementSummary } from './run-statements.js';
import { type CommandHost, ScriptCommands } from './script-commands.js';
import { scriptParts } from './script-parts.js';

const MAX_DEPTH = 50;

/** SQL that has been read and not run. */
interface Buffer {
  readonly text: string;
  readonly offset: number;
}

/** A script with commands of psql, run piece by piece as psql does it, but that it stops at the first failure. */
export class PsqlScript implements CommandHost {
  private readonly session: Session;
  private readonly visitor: ScriptVisitor;
  private readonly summaries: StatementSummary[];
  private readonly commands: ScriptCommands;
  private script = '';
  private path: string | undefined;
  private buffer: Buffer | undefined;
  private lastStart: number | undefined;
  private depth = 0;

  constructor(session: Session, variables: Map<string, string>, visitor: ScriptVisitor, summaries: StatementSummary[]) {
    this.session = session;
    this.visitor = visitor;
    this.summaries = summaries;
    this.commands = new ScriptCommands(variables, this);
  }

  /** Answers where the last statement begins. */
  async run(script: string, path: string | undefined): Promise<number | undefined> {
    this.script = script;
    this.path = path;
    for (const part of scriptParts(script)) {
      if (this.commands.hasQuit) return this.lastStart;
      if (part.kind === 'command') await this.runCommand(part.name, part.rest, part.offset);
      else if (this.commands.isActive) {
        this.append(part);
        if (part.isComplete) await this.flush(this.visitor);
      }
    }
    await this.flush(this.visitor);
    if (this.depth === 0) this.commands.assertClosed();
    return this.lastStart;
  }

  private async runCommand(name: string, rest: string, offset: number): Promise<void> {
    try {
      await this.commands.run(name, rest, offset);
    } catch (thrown) {
      const error = toMillraceError(thrown);
      if (error.position !== undefined) throw error;
      const { kind, code, message, detail, hint } = error;
      throw new MillraceError(kind, code, message, { detail, hint, position: offset, cause: error });
    }
  }

  /** Behind what is there already, in the same distance as in the script: positions go on to fit. */
  private append({ text, offset }: Buffer): void {
    if (this.buffer === undefined) this.buffer = { text, offset };
    else {
      const { text: before, offset: start } = this.buffer;
      this.buffer = { text: before.padEnd(offset - start) + text, offset: start };
    }
  }

  private async flush(visitor: ScriptVisitor): Promise<void> {
    const { buffer } = this;
    this.buffer = undefined;
    if (buffer === undefined || buffer.text.trim() === '') return;
    await this.runText(buffer, visitor);
  }

  private async runText(buffer: Buffer, visitor: ScriptVisitor): Promise<void> {
    const variables = Object.fromEntries(this.commands.variables);
    const text = { script: this.script, ...buffer };
    this.lastStart = (await runStatements(this.session, text, variables, visitor, this.summaries)) ?? this.lastStart;
  }

  echo(text: string, stream: 'out' | 'error'): void | Promise<void> {
    return this.visitor.echo?.(text, stream);
  }

  forget(): void {
    this.buffer = undefined;
  }

  async execute(offset: number): Promise<void> {
    this.assertQuery('g', offset);
    await this.flush(this.visitor);
  }

  async fetchRow(offset: number): Promise<ReadonlyMap<string, string | undefined>> {
    this.assertQuery('gset', offset);
    let names: readonly ResultColumn[] | undefined;
    const rows: (readonly (string | undefined)[])[] = [];
    await this.flush({
      chooseFormat: (columns) => ({ kind: 'postgres', formatCodes: columns.map(() => 0) }),
      beginRows: (columns) => {
        names = columns;
      },
      visitChunk: ({ bytes }) => {
        for (const row of decodeTextRows(bytes)) if (rows.length < 2) rows.push(row);
      },
    });
    const [row, second] = rows;
    if (row === undefined || second !== undefined) {
      throw userError('21000', `${row === undefined ? 'no rows' : 'more than one row'} returned for \\gset`, {
        position: offset,
        hint: 'The query must return one row.',
      });
    }
    return new Map(names?.map(({ name }, index) => [name, row[index]]));
  }

  private assertQuery(command: string, offset: number): void {
    if (this.buffer !== undefined && this.buffer.text.trim() !== '') return;
    throw userError('42601', `there is no query before \\${command}`, {
      position: offset,
      hint: `Write \\${command} in the place of the semicolon.`,
    });
  }

  async copy(text: string, offset: number): Promise<void> {
    const statement = text.replace(
      /\b(from|to)\s+(?!p?std(?:in|out)\b)([^\s'(]+)/i,
      (_, word, path) => `${word} '${path}'`,
    );
    try {
      await this.runText({ text: `copy ${statement}`, offset }, this.visitor);
    } catch (thrown) {
      const { kind, code, message, detail, hint } = toMillraceError(thrown);
      throw new MillraceError(kind, code, message, { detail, hint, position: offset, cause: thrown });
    }
  }

  async include(path: string, relative: boolean, offset: number): Promise<void> {
    if (this.depth >= MAX_DEPTH) {
      throw userError('54001', `scripts include each other ${MAX_DEPTH} deep`, { position: offset });
    }
    const file = relative && this.path !== undefined ? resolve(dirname(this.path), path) : resolve(path);
    const outer = { script: this.script, path: this.path, buffer: this.buffer };
    this.buffer = undefined;
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (cause) {
      throw userError('58P01', `cannot read "${file}"`, { position: offset, hint: 'Name a file of SQL.', cause });
    }
    this.depth++;
    try {
      await this.run(text, file);
    } catch (thrown) {
      throw inFile(thrown, file, text, offset);
    } finally {
      this.depth--;
      Object.assign(this, outer);
    }
    this.lastStart = offset;
  }
}

/** Its position counts in another file: the error stands where that is included. */
function inFile(thrown: unknown, file: string, text: string, position: number): MillraceError {
  const { kind, code, message, detail, hint, position: inside } = toMillraceError(thrown);
  const line = inside === undefined ? '' : `, line ${locatePosition(text, inside).line}`;
  const place = `In "${file}"${line}.`;
  return new MillraceError(kind, code, message, {
    detail: detail === undefined ? place : `${detail}\n${place}`,
    hint,
    position,
    cause: thrown,
  });
}
