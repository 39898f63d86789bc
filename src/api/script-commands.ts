import { notSupportedError, userError } from '../common/errors.js';
import { type CommandArgument, commandArguments } from './script-parts.js';

/** What commands of a script ask of whoever runs it. */
export interface CommandHost {
  /** `\echo` to standard output, `\warn` to standard error. */
  echo(text: string, stream: 'out' | 'error'): void | Promise<void>;
  /** Runs what has been written since the last semicolon, and answers its only row, by column. */
  fetchRow(offset: number): Promise<ReadonlyMap<string, string | undefined>>;
  /** Runs what has been written since the last semicolon. */
  execute(offset: number): Promise<void>;
  /** `\i`; with `relative`, `\ir`: from the script's own folder. */
  include(path: string, relative: boolean, offset: number): Promise<void>;
  /** `\copy`: COPY with files on this side. */
  copy(text: string, offset: number): Promise<void>;
  /** `\r`: forgets what has been written since the last semicolon. */
  forget(): void;
}

/** One `\if`: does the present branch run, and did one before it? */
interface Branch {
  isActive: boolean;
  isTaken: boolean;
  hasElse: boolean;
  readonly isOuterActive: boolean;
  readonly offset: number;
}

const TRUE_WORDS = /^(?:t|tr|tru|true|y|ye|yes|on|1)$/i;
const FALSE_WORDS = /^(?:f|fa|fal|fals|false|n|no|of|off|0)$/i;
/** Commands that only change how psql prints and asks. */
const IGNORED: ReadonlySet<string> = new Set(['timing', 'pset', 'x', 't', 'a', 'encoding', 'errverbose']);
const KNOWN =
  '\\set, \\unset, \\echo, \\warn, \\if, \\elif, \\else, \\endif, \\gset, \\g, \\i, \\ir, \\copy, \\timing, \\q';

/** The commands of psql in a script: variables, branches, and what is done with the statement before them. */
export class ScriptCommands {
  readonly variables: Map<string, string>;
  /** `\q` was read. */
  hasQuit = false;
  private readonly host: CommandHost;
  private readonly branches: Branch[] = [];

  constructor(variables: Map<string, string>, host: CommandHost) {
    this.variables = variables;
    this.host = host;
  }

  /** Does what comes next run? */
  get isActive(): boolean {
    return this.branches.at(-1)?.isActive ?? true;
  }

  /** Fails where an `\if` has no end. */
  assertClosed(): void {
    const open = this.branches.at(-1);
    if (open === undefined) return;
    throw userError('42601', '\\if without \\endif', { position: open.offset, hint: 'End it with \\endif.' });
  }

  async run(name: string, rest: string, offset: number): Promise<void> {
    if (this.branch(name, rest, offset) || !this.isActive) return;
    const args = commandArguments(rest, this.variables);
    switch (name) {
      case 'set':
        await this.set(args);
        return;
      case 'unset':
        for (const { text } of args) this.variables.delete(text);
        return;
      case 'echo':
      case 'qecho':
      case 'warn':
        await this.echo(args, name === 'warn' ? 'error' : 'out');
        return;
      case 'gset':
        await this.gset(args[0]?.text ?? '', offset);
        return;
      case 'g':
      case 'gx':
        await this.host.execute(offset);
        return;
      case 'i':
      case 'include':
      case 'ir':
      case 'include_relative':
        await this.include(args, name.endsWith('r') || name.endsWith('relative'), offset);
        return;
      case 'copy':
        await this.host.copy(rest.trim().replace(/;\s*$/, ''), offset);
        return;
      case 'r':
      case 'reset':
        this.host.forget();
        return;
      case 'q':
      case 'quit':
        this.hasQuit = true;
        return;
      default:
        if (IGNORED.has(name)) return;
        throw notSupportedError(`\\${name} is not supported in scripts`, {
          position: offset,
          hint: /^[dl]/.test(name)
            ? 'Write SHOW TABLES, SHOW SCHEMAS, DESCRIBE t, or SHOW CREATE TABLE t.'
            : `Commands of scripts are ${KNOWN}.`,
        });
    }
  }

  private branch(name: string, rest: string, offset: number): boolean {
    const open = this.branches.at(-1);
    switch (name) {
      case 'if': {
        const isOuterActive = this.isActive;
        const isActive = isOuterActive && this.test(rest, offset);
        this.branches.push({ isActive, isTaken: isActive, hasElse: false, isOuterActive, offset });
        return true;
      }
      case 'elif':
      case 'else':
        if (open === undefined || open.hasElse) {
          throw userError('42601', `\\${name}: no matching \\if`, { position: offset, hint: 'Begin with \\if.' });
        }
        open.isActive = open.isOuterActive && !open.isTaken && (name === 'else' || this.test(rest, offset));
        open.isTaken ||= open.isActive;
        open.hasElse = name === 'else';
        return true;
      case 'endif':
        if (this.branches.pop() === undefined) {
          throw userError('42601', '\\endif: no matching \\if', { position: offset, hint: 'Begin with \\if.' });
        }
        return true;
      default:
        return false;
    }
  }

  private test(rest: string, offset: number): boolean {
    const [argument, ...more] = commandArguments(rest, this.variables);
    const text = argument?.text ?? '';
    if (more.length === 0 && TRUE_WORDS.test(text)) return true;
    if (more.length === 0 && FALSE_WORDS.test(text)) return false;
    throw userError('22023', `unrecognized value "${rest.trim()}" for "\\if expression": Boolean expected`, {
      position: offset,
      hint: 'Compute it before: SELECT … AS x \\gset, and then \\if :x.',
    });
  }

  private async set([name, ...values]: readonly CommandArgument[]): Promise<void> {
    if (name !== undefined) {
      this.variables.set(name.text, values.map(({ text }) => text).join(''));
      return;
    }
    for (const [known, value] of this.variables) await this.host.echo(`${known} = '${value}'\n`, 'out');
  }

  private async echo(args: readonly CommandArgument[], stream: 'out' | 'error'): Promise<void> {
    const [first, ...others] = args;
    const hasNoNewline = first?.text === '-n' && !first.isQuoted;
    const words = (hasNoNewline ? others : args).map(({ text }) => text);
    await this.host.echo(`${words.join(' ')}${hasNoNewline ? '' : '\n'}`, stream);
  }

  private async gset(prefix: string, offset: number): Promise<void> {
    for (const [column, value] of await this.host.fetchRow(offset)) {
      if (value === undefined) this.variables.delete(prefix + column);
      else this.variables.set(prefix + column, value);
    }
  }

  private async include([path]: readonly CommandArgument[], relative: boolean, offset: number): Promise<void> {
    if (path !== undefined) return await this.host.include(path.text, relative, offset);
    throw userError('42601', '\\i: missing required argument', { position: offset, hint: 'Name a file.' });
  }
}
