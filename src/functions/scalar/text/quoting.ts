/** Words of PostgreSQL's grammar that stand for a name only in double quotes: `pg_get_keywords()` but the unreserved ones. */
const RESERVED_WORDS: ReadonlySet<string> = new Set(
  `
  all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast
  char character check coalesce collate collation column concurrently constraint create cross current_catalog
  current_date current_role current_schema current_time current_timestamp current_user dec decimal default
  deferrable desc distinct do else end except exists extract false fetch float for foreign freeze from full grant
  greatest group grouping having ilike in initially inner inout int integer intersect interval into is isnull join
  json json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar json_serialize
  json_table json_value lateral leading least left like limit localtime localtimestamp merge_action national natural
  nchar none normalize not notnull null nullif numeric offset on only or order out outer overlaps overlay placing
  position precision primary real references returning right row select session_user setof similar smallint some
  substring symmetric system_user table tablesample then time timestamp to trailing treat trim true union unique
  user using values varchar variadic verbose when where window with xmlattributes xmlconcat xmlelement xmlexists
  xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable
  `
    .trim()
    .split(/\s+/),
);

/** The words by length, as kernels read them: src/kernels/assembly/quoting.ts draws the layout. */
function wordTable(): Uint8Array {
  const LENGTHS = 33;
  const words = [...RESERVED_WORDS].sort((a, b) => a.length - b.length);
  const text = new TextEncoder().encode(words.join(''));
  const table = new Uint8Array(LENGTHS * 4 + text.length);
  const starts = new DataView(table.buffer);
  let at = LENGTHS * 4;
  for (let length = 0; length < LENGTHS; length++) {
    starts.setUint32(length * 4, at, true);
    at += length * words.filter((word) => word.length === length).length;
  }
  table.set(text, LENGTHS * 4);
  return table;
}

let reservedWords: Uint8Array | undefined;

export function reservedWordTable(): Uint8Array {
  reservedWords ??= wordTable();
  return reservedWords;
}

/** As an identifier of SQL, in double quotes where it needs them. */
export function quoteIdentifier(name: string): string {
  if (/^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED_WORDS.has(name)) return name;
  return `"${name.replaceAll('"', '""')}"`;
}

/** As a literal of SQL: with E before it where there are backslashes. */
export function quoteLiteral(text: string): string {
  const quoted = `'${text.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
  return text.includes('\\') ? `E${quoted}` : quoted;
}
