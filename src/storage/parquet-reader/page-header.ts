import { corruptError } from '../../common/errors.js';
import { ENCODINGS } from './parquet-metadata.js';
import { ThriftCompactReader } from './thrift-compact-reader.js';

export type PageKind = 'dictionary' | 'data' | 'data-v2';

/** Where a page lies in the shared memory, and what it says of itself. All lengths are checked against the chunk. */
export interface Page {
  readonly kind: PageKind;
  /** Of the body, after the header. */
  readonly pointer: number;
  readonly byteLength: number;
  readonly uncompressedByteLength: number;
  /** Rows of a data page, NULLs included; entries of a dictionary page. */
  readonly rowCount: number;
  readonly encoding: string;
  /** Of definition levels in a version 1 page. */
  readonly levelEncoding: string;
  /** Version 2 only: levels lie before the values, never compressed. */
  readonly repetitionByteLength: number;
  readonly definitionByteLength: number;
  readonly isCompressed: boolean;
}

export interface ChunkPages {
  readonly dictionary: Page | undefined;
  readonly data: readonly Page[];
}

const MAX_BYTES = 0x7fffffff;

/** Reads the headers of all pages of a column chunk; bodies are not touched. */
export function listPages(bytes: Uint8Array, start: number, end: number, rowCount: number): ChunkPages {
  let dictionary: Page | undefined;
  const data: Page[] = [];
  let rows = 0;
  // Writers have been known to pad chunks: what follows the last row is ignored.
  for (let position = start; rows < rowCount; ) {
    const reader = new ThriftCompactReader(bytes, position, end, 'page header');
    const page = readPageHeader(reader, end);
    const next = reader.position + page.byteLength;
    if (page.kind === 'dictionary') {
      if (dictionary !== undefined || data.length > 0) throw corruptError('the dictionary page is not the first');
      dictionary = page;
    } else if (page.kind !== 'other') {
      rows += page.rowCount;
      if (page.rowCount > 0) data.push(page);
    }
    position = next;
  }
  if (rows > rowCount) throw corruptError(`the pages have ${rows} rows instead of ${rowCount}`);
  return { dictionary, data };
}

type PageOrOther = Page | (Omit<Page, 'kind'> & { readonly kind: 'other' });

function readPageHeader(reader: ThriftCompactReader, end: number): PageOrOther {
  let type = -1;
  let uncompressedByteLength = -1;
  let byteLength = -1;
  let rowCount = -1;
  let encoding = -1;
  let levelEncoding = -1;
  let repetitionByteLength = 0;
  let definitionByteLength = 0;
  let isCompressed = true;
  while (reader.nextField()) {
    const field = reader.fieldId;
    if (field === 1) type = reader.readI32Field();
    else if (field === 2) uncompressedByteLength = reader.readI32Field();
    else if (field === 3) byteLength = reader.readI32Field();
    else if (field === 5 || field === 7 || field === 8) {
      // DataPageHeader, DictionaryPageHeader, DataPageHeaderV2
      const outer = reader.enterStructField();
      while (reader.nextField()) {
        const inner = reader.fieldId;
        if (inner === 1) rowCount = reader.readI32Field();
        else if (field === 8 && inner === 4) encoding = reader.readI32Field();
        else if (field === 8 && inner === 5) definitionByteLength = reader.readI32Field();
        else if (field === 8 && inner === 6) repetitionByteLength = reader.readI32Field();
        else if (field === 8 && inner === 7) isCompressed = reader.readBooleanField();
        else if (field !== 8 && inner === 2) encoding = reader.readI32Field();
        else if (field === 5 && inner === 3) levelEncoding = reader.readI32Field();
        else reader.skip();
      }
      reader.leaveStruct(outer);
    } else reader.skip();
  }
  const kind = type === 0 ? 'data' : type === 2 ? 'dictionary' : type === 3 ? 'data-v2' : 'other';
  const pointer = reader.position;
  if (byteLength < 0 || uncompressedByteLength < 0 || byteLength > end - pointer) {
    throw corruptError(`a page of ${byteLength} bytes does not fit its column chunk`);
  }
  const levelByteLength = repetitionByteLength + definitionByteLength;
  if (
    (kind !== 'other' && rowCount < 0) ||
    repetitionByteLength < 0 ||
    definitionByteLength < 0 ||
    levelByteLength > Math.min(byteLength, uncompressedByteLength, MAX_BYTES)
  ) {
    throw corruptError('the page header is malformed');
  }
  return {
    kind,
    pointer,
    byteLength,
    uncompressedByteLength,
    rowCount,
    encoding: ENCODINGS[encoding] || `encoding ${encoding}`,
    levelEncoding: ENCODINGS[levelEncoding] || `encoding ${levelEncoding}`,
    repetitionByteLength,
    definitionByteLength,
    isCompressed,
  };
}
