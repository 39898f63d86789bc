declare module 'parquetjs-lite' {
  interface ParquetCursor {
    next(): Promise<Record<string, unknown> | null>;
  }
  interface ParquetReader {
    getCursor(): ParquetCursor;
    close(): Promise<void>;
  }
  const parquetjs: { ParquetReader: { openFile(path: string): Promise<ParquetReader> } };
  export = parquetjs;
}
