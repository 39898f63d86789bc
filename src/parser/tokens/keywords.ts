/*
 * PostgreSQL's keyword categories, reduced to what decides a parse:
 *  - reserved words are no names: only labels after AS or a dot (PostgreSQL's "reserved" and "type or function name");
 *  - the others are names wherever no grammar rule claims them first (its "unreserved" and "column name");
 *  - some of either kind cannot be a column alias without AS, because a clause may start there.
 * Unreserved words that no rule mentions need no entry: they are plain identifiers. QUALIFY is reserved here and not in
 * PostgreSQL.
 */

const reservedWords =
  'all analyse analyze and any asc asymmetric authorization between binary both case cast check collate collation column concurrently constraint cross current_catalog current_date current_role current_schema current_time current_timestamp current_user default deferrable desc distinct do else end exists false foreign freeze full ilike in initially inner is join lateral leading left like localtime localtimestamp natural not null only or outer placing primary references right select session_user similar tablesample some symmetric system_user table tablesample then trailing true unique user using variadic verbose when';

const reservedWordsNeedingAs =
  'array as create except fetch for from grant group having intersect into isnull limit notnull offset on order overlaps qualify returning to union where window with';

const nameWords =
  'abort absolute add alter asensitive at backward begin breadth by cascade chain characteristics close columns comment commit committed compute continue copy csv cube current cursor cycle data databases deallocate declare delete depth describe discard drop escape exclude excluding execute explain extended extract first following formatted forward function functions generated groups hold identity if ignore including index insensitive insert interval isolation key language last level listen local locked macro matched materialized merge move names next no nothing notify nowait nulls of operator optimize others overlay overwrite partition partitioned partitions plans position preceding prepare prior range read recursive refresh relative release rename repeatable replace reset respect restart restrict return returns rollback rollup row rows savepoint schema schemas scroll search sequences serializable session set setof sets share skip source start statistics show stdin stdout stored substring summarize tables target tblproperties temp temporary ties time timestamp transaction trim truncate try_cast type unbounded uncommitted unknown unlisten unlogged update use values view virtual work write zone ordinality grouping';

const nameWordsNeedingAs =
  'char character day double filter hour minute month over precision second varying within without year';

type Words<Text extends string, Found = never> = Text extends `${infer Head} ${infer Tail}`
  ? Words<Tail, Found | Head>
  : Found | Text;

export type KeywordText = Words<
  typeof reservedWords | typeof reservedWordsNeedingAs | typeof nameWords | typeof nameWordsNeedingAs
>;

export interface KeywordGroup {
  readonly reserved: boolean;
  readonly needsAs: boolean;
  readonly words: readonly KeywordText[];
}

export const keywordGroups: readonly KeywordGroup[] = [
  { reserved: true, needsAs: false, words: reservedWords.split(' ') as KeywordText[] },
  { reserved: true, needsAs: true, words: reservedWordsNeedingAs.split(' ') as KeywordText[] },
  { reserved: false, needsAs: false, words: nameWords.split(' ') as KeywordText[] },
  { reserved: false, needsAs: true, words: nameWordsNeedingAs.split(' ') as KeywordText[] },
];
