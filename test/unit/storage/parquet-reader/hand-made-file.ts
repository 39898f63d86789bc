import type { RandomAccessFile } from '../../../../src/storage/object-store.js';
import { ThriftCompactWriter } from '../../../../src/storage/parquet-writer/thrift-compact-writer.js';
import { bytesFile } from './read-parquet.js';

/** Numbers of parquet.thrift. */
export interface HandMadeColumn {
  readonly type: number;
  readonly typeLength?: number;
  readonly nullable?: boolean;
  readonly convertedType?: number;
  readonly scale?: number;
  readonly precision?: number;
  /** Field id in the union LogicalType, for types without parameters. */
  readonly logicalType?: number;
  /** Default none. Bodies are given as they are stored. */
  readonly codec?: number;
}

export interface HandMadePage {
  readonly kind: 'dictionary' | 'data' | 'data-v2';
  readonly rowCount: number;
  readonly encoding: number;
  readonly levelEncoding?: number;
  /** Version 2 only: before the body, without a length. */
  readonly levels?: Uint8Array;
  /** Version 2 only: what its header says; by default nothing, which means that the codec of the column was used. */
  readonly isCompressed?: boolean;
  readonly body: Uint8Array;
  /** If it is compressed. */
  readonly uncompressedBodyLength?: number;
}

/** A file of one column and one row group, page by page: what no writer at hand writes. */
export function handMadeFile(column: HandMadeColumn, pages: readonly HandMadePage[]): RandomAccessFile {
  const chunk = Buffer.concat(pages.flatMap((page) => [pageHeader(page), page.levels ?? new Uint8Array(0), page.body]));
  const rowCount = pages.reduce((sum, page) => sum + (page.kind === 'dictionary' ? 0 : page.rowCount), 0);
  const footer = footerOf(column, chunk.length, rowCount);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return bytesFile(
    'hand-made.parquet',
    Buffer.concat([Buffer.from('PAR1'), chunk, footer, length, Buffer.from('PAR1')]),
  );
}

function pageHeader(page: HandMadePage): Uint8Array {
  const { kind, rowCount, encoding, levelEncoding = 3, levels, isCompressed, body } = page;
  const thrift = new ThriftCompactWriter();
  const levelBytes = levels?.length ?? 0;
  thrift.rawStruct(() => {
    thrift.i32(1, { data: 0, dictionary: 2, 'data-v2': 3 }[kind]);
    thrift.i32(2, (page.uncompressedBodyLength ?? body.length) + levelBytes);
    thrift.i32(3, body.length + levelBytes);
    if (kind === 'data') {
      thrift.struct(5, () => {
        thrift.i32(1, rowCount);
        thrift.i32(2, encoding);
        thrift.i32(3, levelEncoding);
        thrift.i32(4, 3);
      });
    } else if (kind === 'dictionary') {
      thrift.struct(7, () => {
        thrift.i32(1, rowCount);
        thrift.i32(2, encoding);
      });
    } else {
      thrift.struct(8, () => {
        thrift.i32(1, rowCount);
        thrift.i32(2, 0);
        thrift.i32(3, rowCount);
        thrift.i32(4, encoding);
        thrift.i32(5, levelBytes);
        thrift.i32(6, 0);
        thrift.boolean(7, isCompressed);
      });
    }
  });
  return thrift.take();
}

function footerOf(column: HandMadeColumn, byteLength: number, rowCount: number): Uint8Array {
  const thrift = new ThriftCompactWriter();
  thrift.rawStruct(() => {
    thrift.i32(1, 1);
    thrift.structList(2, [undefined, column], (element) => {
      if (element === undefined) {
        thrift.text(4, 'root');
        thrift.i32(5, 1);
        return;
      }
      thrift.i32(1, element.type);
      thrift.i32(2, element.typeLength);
      thrift.i32(3, element.nullable ? 1 : 0);
      thrift.text(4, 'x');
      thrift.i32(6, element.convertedType);
      thrift.i32(7, element.scale);
      thrift.i32(8, element.precision);
      const { logicalType } = element;
      if (logicalType !== undefined) thrift.struct(10, () => thrift.struct(logicalType, () => {}));
    });
    thrift.i64(3, rowCount);
    thrift.structList(4, [column], () => {
      thrift.structList(1, [column], () => {
        thrift.i64(2, 4);
        thrift.struct(3, () => {
          thrift.i32(1, column.type);
          thrift.i32(4, column.codec ?? 0);
          thrift.i64(5, rowCount);
          thrift.i64(6, byteLength);
          thrift.i64(7, byteLength);
          thrift.i64(9, 4);
        });
      });
      thrift.i64(2, byteLength);
      thrift.i64(3, rowCount);
    });
    thrift.text(6, 'a test');
  });
  return thrift.take();
}
