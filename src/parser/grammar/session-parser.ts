import type { TokenType } from 'chevrotain';
import type { Identifier, QualifiedName } from '../ast/identifier.js';
import type { NumericLiteral, StringLiteral } from '../ast/literal.js';
import type { Query } from '../ast/query.js';
import type {
  DescribeStatement,
  DiscardStatement,
  ListenStatement,
  NotifyStatement,
  ResetStatement,
  SettingValue,
  ShowObjectsStatement,
  ShowTableStatement,
  SummarizeStatement,
  UnlistenStatement,
  UseStatement,
} from '../ast/session-statement.js';
import type { Statement } from '../ast/statement.js';
import type { SqlToken } from '../tokens/sql-token.js';
import * as T from '../tokens/token-types.js';
import type { Rule } from './parser-base.js';
import { TransactionParser } from './transaction-parser.js';

const K = T.Keyword;

/** DESCRIBE DATABASE d and the like are about no table. */
const describedOthers: ReadonlySet<string> = new Set(['database', 'function', 'history', 'detail']);

const isName = (type: TokenType): boolean => type.CATEGORIES?.includes(T.Name) ?? false;
const queryStarts: ReadonlySet<TokenType> = new Set([K.select, K.with, K.from, K.values, K.table, T.QueryParen]);

/** A setting and its new value; no values for DEFAULT. */
interface Assignment {
  readonly name: string;
  readonly values: readonly SettingValue[];
}

/** SET, RESET, SHOW, DESCRIBE, DISCARD, LISTEN and its kin. */
export abstract class SessionParser extends TransactionParser {
  readonly set: Rule<Statement> = this.RULE('set', () => {
    const position = this.CONSUME(K.set).startOffset;
    return this.OR<Statement>([
      {
        ALT: () => {
          this.CONSUME(K.transaction);
          const modes = this.SUBRULE(this.transactionModes);
          return { kind: 'setTransaction', scope: 'transaction', modes, position, end: this.behind() };
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.session);
          return this.OR1<Statement>([
            {
              ALT: () => {
                this.CONSUME(K.characteristics);
                this.CONSUME(K.as);
                this.CONSUME1(K.transaction);
                const modes = this.SUBRULE1(this.transactionModes);
                return { kind: 'setTransaction', scope: 'session', modes, position, end: this.behind() };
              },
            },
            { ALT: () => this.setOf(false, this.SUBRULE(this.assignment), position), IGNORE_AMBIGUITIES: true },
          ]);
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.local);
          return this.setOf(true, this.SUBRULE1(this.assignment), position);
        },
      },
      { ALT: () => this.setOf(false, this.SUBRULE2(this.assignment), position), IGNORE_AMBIGUITIES: true },
    ]);
  });

  private setOf(local: boolean, assignment: Assignment, position: number): Statement {
    return { kind: 'set', local, name: assignment.name, values: assignment.values, position, end: this.behind() };
  }

  readonly assignment: Rule<Assignment> = this.RULE('assignment', () =>
    this.OR<Assignment>([
      {
        ALT: () => {
          this.CONSUME(K.time);
          this.CONSUME(K.zone);
          return { name: 'timezone', values: this.SUBRULE(this.timeZoneValue) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.names);
          return { name: 'client_encoding', values: this.SUBRULE(this.settingValues) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.schema);
          return { name: 'search_path', values: this.SUBRULE1(this.settingValues) };
        },
      },
      {
        ALT: () => {
          const name = this.SUBRULE(this.settingName);
          this.OR1([{ ALT: () => this.CONSUME(K.to) }, { ALT: () => this.CONSUME(T.Equal) }]);
          return { name, values: this.SUBRULE2(this.settingValues) };
        },
        IGNORE_AMBIGUITIES: true,
      },
    ]),
  );

  readonly settingName: Rule<string> = this.RULE('settingName', () => {
    const { parts } = this.SUBRULE(this.qualifiedName);
    return this.ACTION(() =>
      parts
        .map(({ name }) => name)
        .join('.')
        .toLowerCase(),
    );
  });

  readonly timeZoneValue: Rule<SettingValue[]> = this.RULE('timeZoneValue', () => {
    const values: SettingValue[] = [];
    this.OR([
      { ALT: () => this.CONSUME(K.default) },
      { ALT: () => this.CONSUME(K.local) },
      { ALT: () => values.push(this.SUBRULE(this.simpleValue)), IGNORE_AMBIGUITIES: true },
    ]);
    return values;
  });

  readonly settingValues: Rule<SettingValue[]> = this.RULE('settingValues', () => {
    const values: SettingValue[] = [];
    this.OR([
      { ALT: () => this.CONSUME(K.default) },
      {
        ALT: () => this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => values.push(this.SUBRULE(this.simpleValue)) }),
        IGNORE_AMBIGUITIES: true,
      },
    ]);
    return values;
  });

  readonly resetSetting: Rule<ResetStatement> = this.RULE('resetSetting', (): ResetStatement => {
    const position = this.CONSUME(K.reset).startOffset;
    const name = this.OR<string | undefined>([
      { ALT: () => this.CONSUME(K.all) && undefined },
      { ALT: () => this.CONSUME(K.time) && this.CONSUME(K.zone) && 'timezone' },
      { ALT: () => this.SUBRULE(this.settingName), IGNORE_AMBIGUITIES: true },
    ]);
    return { kind: 'reset', name, position, end: this.behind() };
  });

  readonly show: Rule<Statement> = this.RULE('show', () => {
    const position = this.CONSUME(K.show).startOffset;
    return this.OR<Statement>([
      {
        GATE: () => !this.nextIs(T.Identifier) || (this.LA(1) as SqlToken).text === 'views',
        ALT: () => this.SUBRULE(this.showObjects, { ARGS: [position] }),
      },
      { ALT: () => this.SUBRULE(this.showTable, { ARGS: [position] }) },
      { ALT: () => this.showSetting(this.CONSUME(K.all) && undefined, position) },
      { ALT: () => this.showSetting(this.CONSUME(K.time) && this.CONSUME(K.zone) && 'timezone', position) },
      {
        ALT: () => {
          this.CONSUME(K.transaction);
          this.CONSUME(K.isolation);
          this.CONSUME(K.level);
          return this.showSetting('transaction_isolation', position);
        },
      },
      { ALT: () => this.showSetting(this.SUBRULE(this.settingName), position), IGNORE_AMBIGUITIES: true },
    ]);
  });

  private showSetting(name: string | undefined, position: number): Statement {
    return { kind: 'showSetting', name, position, end: this.behind() };
  }

  readonly showObjects: Rule<ShowObjectsStatement, [position: number]> = this.RULE(
    'showObjects',
    (position: number): ShowObjectsStatement => {
      const objects = this.OR<ShowObjectsStatement['objects']>([
        { ALT: () => this.CONSUME(K.tables) && 'tables' },
        { ALT: () => this.CONSUME(K.schemas) && 'schemas' },
        { ALT: () => this.CONSUME(K.databases) && 'schemas' },
        { ALT: () => this.CONSUME(K.functions) && 'functions' },
        { ALT: () => this.CONSUME(T.Identifier) && 'views' },
      ]);
      const schema = this.OPTION<Identifier>(() => {
        this.SUBRULE(this.fromOrIn);
        return this.SUBRULE(this.name);
      });
      const pattern = this.OPTION1<StringLiteral>(() => {
        this.OPTION2(() => this.CONSUME(K.like));
        return this.SUBRULE(this.stringLiteral);
      });
      return { kind: 'showObjects', objects, schema, pattern, position, end: this.behind() };
    },
  );

  readonly fromOrIn: Rule<void> = this.RULE('fromOrIn', () => {
    this.OR([{ ALT: () => this.CONSUME(K.from) }, { ALT: () => this.CONSUME(K.in) }]);
  });

  readonly showTable: Rule<ShowTableStatement, [position: number]> = this.RULE(
    'showTable',
    (position: number): ShowTableStatement => {
      const what = this.OR<ShowTableStatement['what']>([
        {
          ALT: () => {
            this.CONSUME(K.partitions);
            this.OPTION(() => this.SUBRULE(this.fromOrIn));
            return 'partitions';
          },
        },
        {
          ALT: () => {
            this.CONSUME(K.columns);
            this.SUBRULE1(this.fromOrIn);
            return 'columns';
          },
        },
        { ALT: () => this.CONSUME(K.create) && this.CONSUME(K.table) && 'create' },
        { ALT: () => this.CONSUME(K.tblproperties) && 'properties' },
      ]);
      const named = this.SUBRULE(this.qualifiedName);
      const schema = this.OPTION1({
        GATE: () => what === 'columns',
        DEF: () => {
          this.SUBRULE2(this.fromOrIn);
          return this.SUBRULE(this.name);
        },
      });
      const partition = this.OPTION2({
        GATE: () => what === 'partitions',
        DEF: () => this.SUBRULE(this.partitionClause),
      });
      const table = schema === undefined ? named : { ...named, parts: [schema, ...(named?.parts ?? [])] };
      this.OPTION3({
        // Spark's AS SERDE: as Hive would say it.
        GATE: () => what === 'create',
        DEF: () => this.CONSUME(K.as) && this.SUBRULE1(this.name),
      });
      return { kind: 'showTable', what, table, partition, position, end: this.behind() };
    },
  );

  readonly use: Rule<UseStatement> = this.RULE('use', (): UseStatement => {
    const position = this.CONSUME(K.use).startOffset;
    this.OPTION({
      GATE: () => this.isWordBeforeName(),
      DEF: () => {
        const word = this.OR([{ ALT: () => this.CONSUME(K.schema) }, { ALT: () => this.CONSUME(T.Identifier) }]);
        this.ACTION(() => !['schema', 'database'].includes((word as SqlToken).text) && this.rejectToken(word));
      },
    });
    const schema = this.SUBRULE(this.name);
    return { kind: 'use', schema, position, end: this.behind() };
  });

  readonly summarize: Rule<SummarizeStatement> = this.RULE('summarize', (): SummarizeStatement => {
    const position = this.CONSUME(K.summarize).startOffset;
    const target = this.OR<QualifiedName | Query>([
      { GATE: () => !this.nextIs(K.values), ALT: () => this.SUBRULE(this.qualifiedName), IGNORE_AMBIGUITIES: true },
      { ALT: () => this.SUBRULE(this.query) },
    ]);
    return { kind: 'summarize', target, position, end: this.behind() };
  });

  readonly describe: Rule<DescribeStatement> = this.RULE('describe', (): DescribeStatement => {
    const { startOffset: position } = this.OR([
      { ALT: () => this.CONSUME(K.describe) },
      { ALT: () => this.CONSUME(K.desc) },
    ]);
    this.MANY({
      GATE: () => this.isDescribeWord(),
      DEF: () => this.CONSUME(T.AnyLabel),
    });
    const target = this.OR1<QualifiedName | StringLiteral | Query>([
      { ALT: () => this.SUBRULE(this.stringLiteral) },
      {
        GATE: () => !this.nextIs(K.table) && !this.nextIs(K.values),
        ALT: () => this.SUBRULE(this.qualifiedName),
        IGNORE_AMBIGUITIES: true,
      },
      {
        GATE: () => this.nextIs(K.table),
        ALT: () => {
          this.CONSUME(K.table);
          return this.SUBRULE1(this.qualifiedName);
        },
        IGNORE_AMBIGUITIES: true,
      },
      { ALT: () => this.SUBRULE(this.query) },
    ]);
    const column = this.OPTION({
      GATE: () => target?.kind === 'qualifiedName' && !describedOthers.has(target.parts[0]!.name),
      DEF: () => this.SUBRULE(this.name),
    });
    return { kind: 'describe', target, column, position, end: this.behind() };
  });

  /** FORMATTED and EXTENDED say nothing here, nor QUERY before one, nor TABLE before them. */
  private isDescribeWord(): boolean {
    const [{ text, tokenType }, next] = [this.LA(1) as SqlToken, this.LA(2)];
    const isForm = (word: string): boolean => word === 'formatted' || word === 'extended';
    const behind = this.LA(3).tokenType;
    if (tokenType === K.table) return isForm((next as SqlToken).text) && (isName(behind) || behind === K.table);
    if (isForm(text)) return isName(next.tokenType) || next.tokenType === K.table;
    return text === 'query' && queryStarts.has(next.tokenType);
  }

  readonly discard: Rule<DiscardStatement> = this.RULE('discard', (): DiscardStatement => {
    const position = this.CONSUME(K.discard).startOffset;
    const target = this.OR<DiscardStatement['target']>([
      { ALT: () => this.CONSUME(K.all) && 'all' },
      { ALT: () => this.CONSUME(K.plans) && 'plans' },
      { ALT: () => this.CONSUME(K.sequences) && 'sequences' },
      { ALT: () => this.CONSUME(K.temp) && 'temp' },
      { ALT: () => this.CONSUME(K.temporary) && 'temp' },
    ]);
    return { kind: 'discard', target, position, end: this.behind() };
  });

  readonly listen: Rule<ListenStatement> = this.RULE('listen', (): ListenStatement => {
    const position = this.CONSUME(K.listen).startOffset;
    return { kind: 'listen', channel: this.SUBRULE(this.name), position, end: this.behind() };
  });

  readonly unlisten: Rule<UnlistenStatement> = this.RULE('unlisten', (): UnlistenStatement => {
    const position = this.CONSUME(K.unlisten).startOffset;
    const channel = this.OR<Identifier | undefined>([
      { ALT: () => this.CONSUME(T.Star) && undefined },
      { ALT: () => this.SUBRULE(this.name) },
    ]);
    return { kind: 'unlisten', channel, position, end: this.behind() };
  });

  readonly notify: Rule<NotifyStatement> = this.RULE('notify', (): NotifyStatement => {
    const position = this.CONSUME(K.notify).startOffset;
    const channel = this.SUBRULE(this.name);
    const payload = this.OPTION<StringLiteral>(() => {
      this.CONSUME(T.Comma);
      return this.SUBRULE(this.stringLiteral);
    });
    return { kind: 'notify', channel, payload, position, end: this.behind() };
  });

  /** An integer with or without a sign, as a number. */
  protected signedInteger({ text, position }: NumericLiteral): number {
    const value = Number(text);
    if (!Number.isSafeInteger(value)) this.rejectAt(position, 'Expected an integer.');
    return value;
  }
}
