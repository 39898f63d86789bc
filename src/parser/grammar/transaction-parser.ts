import type {
  BeginStatement,
  CommitStatement,
  IsolationLevel,
  ReleaseStatement,
  RollbackStatement,
  SavepointStatement,
  TransactionModes,
} from '../ast/transaction-statement.js';
import * as T from '../tokens/token-types.js';
import { MergeParser } from './merge-parser.js';
import type { Rule } from './parser-base.js';

const K = T.Keyword;

type ModesInProgress = { -readonly [Mode in keyof TransactionModes]: TransactionModes[Mode] };

/** BEGIN, COMMIT, ROLLBACK and savepoints. */
export abstract class TransactionParser extends MergeParser {
  /** The noise words WORK and TRANSACTION. */
  readonly transactionWord: Rule<void> = this.RULE('transactionWord', () => {
    this.OPTION(() => this.OR([{ ALT: () => this.CONSUME(K.work) }, { ALT: () => this.CONSUME(K.transaction) }]));
  });

  readonly begin: Rule<BeginStatement> = this.RULE('begin', (): BeginStatement => {
    const position = this.here();
    this.OR([
      {
        ALT: () => {
          this.CONSUME(K.begin);
          this.SUBRULE(this.transactionWord);
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.start);
          this.CONSUME(K.transaction);
        },
      },
    ]);
    return { kind: 'begin', modes: this.SUBRULE(this.transactionModes), position, end: this.behind() };
  });

  readonly transactionModes: Rule<TransactionModes> = this.RULE('transactionModes', () => {
    const modes: ModesInProgress = { isolationLevel: undefined, readOnly: undefined, deferrable: undefined };
    this.MANY(() => {
      this.OPTION(() => this.CONSUME(T.Comma));
      this.OR([
        {
          ALT: () => {
            this.CONSUME(K.isolation);
            this.CONSUME(K.level);
            modes.isolationLevel = this.SUBRULE(this.isolationLevel);
          },
        },
        {
          ALT: () => {
            this.CONSUME(K.read);
            modes.readOnly = this.OR1([
              { ALT: () => this.CONSUME(K.only) && true },
              { ALT: () => this.CONSUME(K.write) && false },
            ]);
          },
        },
        {
          ALT: () => {
            this.CONSUME(K.deferrable);
            modes.deferrable = true;
          },
        },
        {
          ALT: () => {
            this.CONSUME(K.not);
            this.CONSUME1(K.deferrable);
            modes.deferrable = false;
          },
        },
      ]);
    });
    return modes;
  });

  readonly isolationLevel: Rule<IsolationLevel> = this.RULE('isolationLevel', () =>
    this.OR<IsolationLevel>([
      { ALT: () => this.CONSUME(K.serializable) && 'serializable' },
      { ALT: () => this.CONSUME(K.repeatable) && this.CONSUME(K.read) && 'repeatable read' },
      {
        ALT: () => {
          this.CONSUME1(K.read);
          return this.OR1<IsolationLevel>([
            { ALT: () => this.CONSUME(K.committed) && 'read committed' },
            { ALT: () => this.CONSUME(K.uncommitted) && 'read uncommitted' },
          ]);
        },
      },
    ]),
  );

  readonly chain: Rule<boolean> = this.RULE('chain', () => {
    const chain = this.OPTION(() => {
      this.CONSUME(K.and);
      const no = this.OPTION1(() => this.CONSUME(K.no));
      this.CONSUME(K.chain);
      return no === undefined;
    });
    return chain ?? false;
  });

  readonly commit: Rule<CommitStatement> = this.RULE('commit', (): CommitStatement => {
    const { startOffset: position } = this.OR([
      { ALT: () => this.CONSUME(K.commit) },
      { ALT: () => this.CONSUME(K.end) },
    ]);
    this.SUBRULE(this.transactionWord);
    return { kind: 'commit', chain: this.SUBRULE(this.chain), position, end: this.behind() };
  });

  readonly rollback: Rule<RollbackStatement> = this.RULE('rollback', (): RollbackStatement => {
    const { startOffset: position } = this.OR([
      { ALT: () => this.CONSUME(K.rollback) },
      { ALT: () => this.CONSUME(K.abort) },
    ]);
    this.SUBRULE(this.transactionWord);
    const savepoint = this.OPTION(() => {
      this.CONSUME(K.to);
      this.OPTION1({ GATE: () => this.isWordBeforeName(), DEF: () => this.CONSUME(K.savepoint) });
      return this.SUBRULE(this.name);
    });
    return { kind: 'rollback', savepoint, chain: this.SUBRULE(this.chain), position, end: this.behind() };
  });

  /** Whether a name follows the next word, so that the next word need not be the name itself. */
  protected isWordBeforeName(): boolean {
    return this.LA(2).tokenType.CATEGORIES?.includes(T.Name) ?? false;
  }

  readonly savepoint: Rule<SavepointStatement> = this.RULE('savepoint', (): SavepointStatement => {
    const position = this.CONSUME(K.savepoint).startOffset;
    return { kind: 'savepoint', name: this.SUBRULE(this.name), position, end: this.behind() };
  });

  readonly release: Rule<ReleaseStatement> = this.RULE('release', (): ReleaseStatement => {
    const position = this.CONSUME(K.release).startOffset;
    this.OPTION({ GATE: () => this.isWordBeforeName(), DEF: () => this.CONSUME(K.savepoint) });
    return { kind: 'release', name: this.SUBRULE(this.name), position, end: this.behind() };
  });
}
