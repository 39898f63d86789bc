import type { ExplainStatement } from '../ast/explain-statement.js';
import type { Expression } from '../ast/expression.js';
import type { Identifier } from '../ast/identifier.js';
import type { Option } from '../ast/option.js';
import type {
  CloseCursorStatement,
  DeallocateStatement,
  DeclareCursorStatement,
  ExecuteStatement,
  FetchCursorStatement,
  PrepareStatement,
} from '../ast/prepared-statement.js';
import type { Statement } from '../ast/statement.js';
import type { TypeName } from '../ast/type-name.js';
import { intoTable } from '../into-table.js';
import { multiInsert } from '../multi-insert.js';
import * as T from '../tokens/token-types.js';
import type { ParserSettings, Rule } from './parser-base.js';
import { SessionParser } from './session-parser.js';

const K = T.Keyword;

type FetchMotion = Pick<FetchCursorStatement, 'direction' | 'count'>;

/** The whole grammar; adds EXPLAIN, prepared statements and cursors, and picks the statement by its first word. */
export class SqlParser extends SessionParser {
  constructor(settings: ParserSettings) {
    super(settings);
    this.finishGrammar();
  }

  readonly statement: Rule<Statement> = this.RULE('statement', () =>
    this.OR<Statement>([
      { ALT: () => this.SUBRULE(this.withStatement) },
      { ALT: () => this.SUBRULE(this.queryStatement), IGNORE_AMBIGUITIES: true },
      { ALT: () => this.SUBRULE(this.writingStatement) },
      { ALT: () => this.SUBRULE(this.copy) },
      { ALT: () => this.SUBRULE(this.create) },
      { ALT: () => this.SUBRULE(this.drop) },
      { ALT: () => this.SUBRULE(this.alter) },
      { ALT: () => this.SUBRULE(this.comment) },
      { ALT: () => this.SUBRULE(this.truncate) },
      { ALT: () => this.SUBRULE(this.optimize) },
      { ALT: () => this.SUBRULE(this.analyze) },
      { ALT: () => this.SUBRULE(this.explain) },
      { ALT: () => this.SUBRULE(this.set) },
      { ALT: () => this.SUBRULE(this.resetSetting) },
      { ALT: () => this.SUBRULE(this.show) },
      { ALT: () => this.SUBRULE(this.describe) },
      { ALT: () => this.SUBRULE(this.summarize) },
      { ALT: () => this.SUBRULE(this.use) },
      { ALT: () => this.SUBRULE(this.discard) },
      { ALT: () => this.SUBRULE(this.listen) },
      { ALT: () => this.SUBRULE(this.unlisten) },
      { ALT: () => this.SUBRULE(this.notify) },
      { ALT: () => this.SUBRULE(this.begin) },
      { ALT: () => this.SUBRULE(this.commit) },
      { ALT: () => this.SUBRULE(this.rollback) },
      { ALT: () => this.SUBRULE(this.savepoint) },
      { ALT: () => this.SUBRULE(this.release) },
      { ALT: () => this.SUBRULE(this.prepare) },
      { ALT: () => this.SUBRULE(this.execute) },
      { ALT: () => this.SUBRULE(this.deallocate) },
      { ALT: () => this.SUBRULE(this.declareCursor) },
      { ALT: () => this.SUBRULE(this.fetchCursor) },
      { ALT: () => this.SUBRULE(this.closeCursor) },
    ]),
  );

  readonly queryStatement: Rule<Statement> = this.RULE('queryStatement', (): Statement => {
    const position = this.here();
    const query = this.SUBRULE(this.query);
    const inserts = this.SUBRULE(this.insertsOfSource);
    const end = this.behind();
    return this.ACTION(() => {
      const statement = { kind: 'queryStatement', query, position, end } as const;
      if (inserts.length === 0) return intoTable(statement);
      return multiInsert(statement, inserts, (at, hint) => this.rejectAt(at, hint));
    });
  });

  readonly explain: Rule<ExplainStatement> = this.RULE('explain', (): ExplainStatement => {
    const position = this.CONSUME(K.explain).startOffset;
    const options = this.OPTION(() =>
      this.OR<Option[]>([
        { ALT: () => this.SUBRULE(this.options) },
        {
          ALT: () => {
            const analyze = this.switchOf('analyze', this.CONSUME(K.analyze).startOffset);
            const verbose = this.OPTION1(() => this.switchOf('verbose', this.CONSUME(K.verbose).startOffset));
            return verbose === undefined ? [analyze] : [analyze, verbose];
          },
        },
        { ALT: () => [this.switchOf('verbose', this.CONSUME1(K.verbose).startOffset)] },
      ]),
    );
    const statement = this.SUBRULE(this.statement);
    return { kind: 'explain', options: options ?? [], statement, position, end: this.behind() };
  });

  private switchOf(name: string, position: number): Option {
    return { kind: 'option', name, value: undefined, position };
  }

  readonly prepare: Rule<PrepareStatement> = this.RULE('prepare', (): PrepareStatement => {
    const position = this.CONSUME(K.prepare).startOffset;
    const name = this.SUBRULE(this.name);
    const parameterTypes: TypeName[] = [];
    this.OPTION(() => {
      this.CONSUME(T.LParen);
      this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => parameterTypes.push(this.SUBRULE(this.typeName)) });
      this.CONSUME(T.RParen);
    });
    this.CONSUME(K.as);
    const statement = this.SUBRULE(this.statement);
    return { kind: 'prepare', name, parameterTypes, statement, position, end: this.behind() };
  });

  readonly execute: Rule<ExecuteStatement> = this.RULE('execute', (): ExecuteStatement => {
    const position = this.CONSUME(K.execute).startOffset;
    const name = this.SUBRULE(this.name);
    const args: Expression[] = [];
    this.OPTION(() => {
      this.CONSUME(T.LParen);
      this.MANY_SEP({ SEP: T.Comma, DEF: () => args.push(this.SUBRULE(this.expression)) });
      this.CONSUME(T.RParen);
    });
    return { kind: 'execute', name, args, position, end: this.behind() };
  });

  readonly deallocate: Rule<DeallocateStatement> = this.RULE('deallocate', (): DeallocateStatement => {
    const position = this.CONSUME(K.deallocate).startOffset;
    this.OPTION({
      GATE: () => this.isWordBeforeName() || this.nextIs(K.all, 2),
      DEF: () => this.CONSUME(K.prepare),
    });
    const name = this.SUBRULE(this.allOrName);
    return { kind: 'deallocate', name, position, end: this.behind() };
  });

  readonly allOrName: Rule<Identifier | undefined> = this.RULE('allOrName', () =>
    this.OR<Identifier | undefined>([
      { ALT: () => this.CONSUME(K.all) && undefined },
      { ALT: () => this.SUBRULE(this.name) },
    ]),
  );

  readonly declareCursor: Rule<DeclareCursorStatement> = this.RULE('declareCursor', (): DeclareCursorStatement => {
    const position = this.CONSUME(K.declare).startOffset;
    const name = this.SUBRULE(this.name);
    const flags = { binary: false, scroll: undefined as boolean | undefined };
    this.MANY(() => this.SUBRULE(this.cursorFlag, { ARGS: [flags] }));
    this.CONSUME(K.cursor);
    const hold = this.OPTION(() => {
      const holds = this.OR([
        { ALT: () => this.CONSUME(K.with) && true },
        { ALT: () => this.CONSUME(K.without) && false },
      ]);
      this.CONSUME(K.hold);
      return holds;
    });
    this.CONSUME(K.for);
    const query = this.SUBRULE(this.query);
    return { kind: 'declareCursor', name, ...flags, hold: hold ?? false, query, position, end: this.behind() };
  });

  readonly cursorFlag: Rule<void, [flags: { binary: boolean; scroll: boolean | undefined }]> = this.RULE(
    'cursorFlag',
    (flags: { binary: boolean; scroll: boolean | undefined }) => {
      const word = this.LA(1).tokenType;
      this.OR([
        { ALT: () => this.CONSUME(K.binary) },
        { ALT: () => this.CONSUME(K.insensitive) },
        { ALT: () => this.CONSUME(K.asensitive) },
        { ALT: () => this.CONSUME(K.scroll) },
        { ALT: () => this.CONSUME(K.no) && this.CONSUME1(K.scroll) },
      ]);
      this.ACTION(() => {
        if (word === K.binary) flags.binary = true;
        if (word === K.scroll || word === K.no) flags.scroll = word === K.scroll;
      });
    },
  );

  readonly fetchCursor: Rule<FetchCursorStatement> = this.RULE('fetchCursor', (): FetchCursorStatement => {
    const { startOffset: position, tokenType } = this.OR([
      { ALT: () => this.CONSUME(K.fetch) },
      { ALT: () => this.CONSUME(K.move) },
    ]);
    const motion = this.OPTION(() => this.SUBRULE(this.fetchMotion)) ?? { direction: 'forward', count: 1 };
    this.OPTION1(() => this.SUBRULE(this.fromOrIn));
    const cursor = this.SUBRULE(this.name);
    const { direction, count } = motion as FetchMotion;
    return { kind: 'fetchCursor', move: tokenType === K.move, cursor, direction, count, position, end: this.behind() };
  });

  readonly fetchMotion: Rule<FetchMotion> = this.RULE('fetchMotion', () =>
    this.OR<FetchMotion>([
      { ALT: () => this.CONSUME(K.next) && { direction: 'forward', count: 1 } },
      { ALT: () => this.CONSUME(K.prior) && { direction: 'backward', count: 1 } },
      { ALT: () => this.CONSUME(K.first) && { direction: 'absolute', count: 1 } },
      { ALT: () => this.CONSUME(K.last) && { direction: 'absolute', count: -1 } },
      { ALT: () => this.CONSUME(K.absolute) && { direction: 'absolute', count: this.SUBRULE(this.integer) } },
      { ALT: () => this.CONSUME(K.relative) && { direction: 'relative', count: this.SUBRULE1(this.integer) } },
      { ALT: () => this.CONSUME(K.forward) && { direction: 'forward', count: this.SUBRULE(this.fetchCount) } },
      { ALT: () => this.CONSUME(K.backward) && { direction: 'backward', count: this.SUBRULE1(this.fetchCount) } },
      { ALT: () => this.CONSUME(K.all) && { direction: 'forward', count: 'all' } },
      { ALT: () => ({ direction: 'forward', count: this.SUBRULE2(this.integer) }) },
    ]),
  );

  readonly fetchCount: Rule<number | 'all'> = this.RULE('fetchCount', () => {
    const count = this.OPTION(() =>
      this.OR<number | 'all'>([{ ALT: () => this.CONSUME(K.all) && 'all' }, { ALT: () => this.SUBRULE(this.integer) }]),
    );
    return count ?? 1;
  });

  readonly integer: Rule<number> = this.RULE('integer', () => {
    const literal = this.SUBRULE(this.signedNumber);
    return this.ACTION(() => this.signedInteger(literal));
  });

  readonly closeCursor: Rule<CloseCursorStatement> = this.RULE('closeCursor', (): CloseCursorStatement => {
    const position = this.CONSUME(K.close).startOffset;
    const cursor = this.SUBRULE(this.allOrName);
    return { kind: 'closeCursor', cursor, position, end: this.behind() };
  });
}
