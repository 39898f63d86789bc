/** An option of `read_csv` and its kin, as it was written. */
export type FileOption = string | number | boolean | null | readonly FileOption[];

/** Files to be read as a table. */
export interface FileRequest {
  /** `auto`: by the names of the files. */
  readonly format: 'auto' | 'parquet' | 'csv' | 'json';
  /** Files, folders and patterns. */
  readonly paths: readonly string[];
  /** By name, in lower case. */
  readonly options: ReadonlyMap<string, FileOption>;
}

/** Equal for requests of the same files in the same way. */
export function requestKey({ format, paths, options }: FileRequest): string {
  return JSON.stringify([format, paths, [...options]]);
}

export function pathRequest(path: string): FileRequest {
  return { format: 'auto', paths: [path], options: new Map() };
}
