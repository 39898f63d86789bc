import { type MillraceError, userError } from '../common/errors.js';
import type { PartitionFolders } from '../storage/commit/intent.js';
import { parsePartitionFolder, partitionFolderName } from './hive-path.js';
import { formatPartitionValue, parsePartitionValue, partitionValueError } from './partition-value.js';
import type { ColumnDefinition } from './table-definition.js';
import type { PartitionValue } from './table-snapshot.js';

/** How the folders of a table and the values of its partition columns correspond. */
export class PartitionScheme {
  readonly columns: readonly ColumnDefinition[];
  readonly #displayName: string;

  constructor(displayName: string, columns: readonly ColumnDefinition[]) {
    this.#displayName = displayName;
    this.columns = columns;
  }

  /** The values of the first `folders.length` partition columns. */
  parse(folders: PartitionFolders): PartitionValue[] {
    return folders.map((folder, depth) => {
      const column = this.columns[depth];
      const parsed = parsePartitionFolder(folder);
      if (parsed === undefined || column === undefined || parsed.column !== column.name) {
        throw this.layoutError(folders.slice(0, depth + 1));
      }
      const value = parsePartitionValue(parsed.value, column.type);
      if (value === undefined) throw partitionValueError(parsed.value ?? '', column.type, folders.join('/'));
      return value;
    });
  }

  /** The values of a file's folders; there must be one per partition column. */
  parseAll(folders: PartitionFolders): PartitionValue[] {
    if (folders.length !== this.columns.length) throw this.layoutError(folders);
    return this.parse(folders);
  }

  /** Folders as Millrace names them, for the values of the first partition columns. */
  folders(values: readonly PartitionValue[]): PartitionFolders {
    return values.map((value, depth) => {
      const column = this.columns[depth] as ColumnDefinition;
      return partitionFolderName(column.name, formatPartitionValue(value, column.type));
    });
  }

  /** The same for values written as text, in any form that the column's type reads. */
  foldersOfText(texts: readonly (string | null)[]): PartitionFolders {
    const values = texts.map((text, depth) => {
      const { type, name } = this.columns[depth] as ColumnDefinition;
      const value = parsePartitionValue(text, type);
      if (value === undefined) throw partitionValueError(text ?? '', type, name);
      return value;
    });
    return this.folders(values);
  }

  /** `month=03` → `month=3`. Folders that are no partition of this table are their own canonical form. */
  canonicalFolders(folders: PartitionFolders): PartitionFolders {
    return this.folders(this.parse(folders));
  }

  layoutError(folders: PartitionFolders): MillraceError {
    const expected = this.columns.map(({ name }) => `${name}=…`).join('/');
    return userError('42P17', `folders of table "${this.#displayName}" do not agree on its partition columns`, {
      detail:
        expected === ''
          ? `The table has no partition columns, but a folder "${folders.join('/')}".`
          : `Files belong into folders ${expected}, but there is "${folders.join('/') || '(the top folder)'}".`,
      hint: 'Move the file or folder to where it belongs.',
    });
  }
}
