/** What Hive writes for NULL in the name of a partition folder. */
export const HIVE_DEFAULT_PARTITION = '__HIVE_DEFAULT_PARTITION__';

/** The characters that Hive escapes (FileUtils.escapePathName), and NUL, which no path can hold. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are among those to escape.
const ESCAPED = /[\u0000-\u001f\u007f"#%'*/:=?\\{[\]^]/g;

export function escapePathName(text: string): string {
  return text.replace(ESCAPED, escapeCharacter);
}

/** Runs of `%XX` are UTF-8, as URL encoders write them; what is no valid escape stays as it is. */
export function unescapePathName(name: string): string {
  return name.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}

/** `date=2026-03-22`. NULL is Hive's default partition; the text that looks like it is escaped. */
export function partitionFolderName(column: string, value: string | null): string {
  return `${escapePathName(column)}=${value === null ? HIVE_DEFAULT_PARTITION : escapeValue(value)}`;
}

export interface PartitionFolder {
  readonly column: string;
  readonly value: string | null;
}

/** `undefined` for a folder that is not of the form `key=value`. */
export function parsePartitionFolder(name: string): PartitionFolder | undefined {
  const equals = name.indexOf('=');
  if (equals <= 0) return undefined;
  const value = name.slice(equals + 1);
  return {
    column: unescapePathName(name.slice(0, equals)),
    value: value === HIVE_DEFAULT_PARTITION ? null : unescapePathName(value),
  };
}

/** The folder of a table or schema. Names that begin like something that is no data are escaped. */
export function relationFolderName(name: string): string {
  return escapePathName(name).replace(/^[._]/, escapeCharacter);
}

/** The name of a table by its folder, `undefined` if no table's folder is called so. */
export function relationNameOfFolder(folder: string): string | undefined {
  const name = unescapePathName(folder);
  return relationFolderName(name) === folder ? name : undefined;
}

function escapeValue(value: string): string {
  return value === HIVE_DEFAULT_PARTITION ? `%5F${value.slice(1)}` : escapePathName(value);
}

function escapeCharacter(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
