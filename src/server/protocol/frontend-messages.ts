import { userError } from '../../common/errors.js';

/** What a client sends before it is authenticated, without a type byte. */
export type StartupMessage =
  | { readonly kind: 'ssl-request' }
  | { readonly kind: 'gss-request' }
  | { readonly kind: 'cancel-request'; readonly processId: number; readonly secretKey: Uint8Array }
  | {
      readonly kind: 'startup';
      readonly major: number;
      readonly minor: number;
      readonly parameters: ReadonlyMap<string, string>;
    };

export type RegularMessage =
  | { readonly kind: 'query'; readonly sql: string }
  | {
      readonly kind: 'parse';
      readonly name: string;
      readonly sql: string;
      readonly parameterTypeOids: readonly number[];
    }
  | {
      readonly kind: 'bind';
      readonly portal: string;
      readonly statement: string;
      readonly parameterFormats: readonly number[];
      /** As they lie in the message; null for NULL. */
      readonly parameters: readonly (Uint8Array | null)[];
      readonly resultFormats: readonly number[];
    }
  | { readonly kind: 'describe'; readonly target: 'statement' | 'portal'; readonly name: string }
  | { readonly kind: 'close'; readonly target: 'statement' | 'portal'; readonly name: string }
  | { readonly kind: 'execute'; readonly portal: string; readonly maxRows: number }
  | { readonly kind: 'flush' | 'sync' | 'terminate' | 'copy-done' | 'function-call' }
  | { readonly kind: 'copy-data'; readonly bytes: Uint8Array }
  | { readonly kind: 'copy-fail'; readonly message: string }
  /** PasswordMessage, SASLInitialResponse and SASLResponse share a type byte: only the state tells them apart. */
  | { readonly kind: 'authentication'; readonly body: Uint8Array }
  /** A message whose frame is whole but whose body is wrong: an error at its place in the order. */
  | { readonly kind: 'malformed'; readonly type: string; readonly error: Error };

export type FrontendMessage = StartupMessage | RegularMessage;

const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;
const CANCEL_REQUEST = 80877102;
const MAX_SECRET_KEY_BYTES = 256;

/** The body of a start-up packet, without its length. */
export function decodeStartupMessage(body: Buffer): StartupMessage {
  const reader = new BodyReader(body);
  const code = reader.int32();
  if (code === SSL_REQUEST) return { kind: 'ssl-request' };
  if (code === GSS_REQUEST) return { kind: 'gss-request' };
  if (code === CANCEL_REQUEST) {
    const processId = reader.int32();
    const secretKey = reader.rest();
    if (secretKey.length === 0 || secretKey.length > MAX_SECRET_KEY_BYTES) throw malformed();
    return { kind: 'cancel-request', processId, secretKey };
  }
  const major = code >>> 16;
  const minor = code & 0xffff;
  const parameters = new Map<string, string>();
  // Other versions' packets may look different: whoever asks for one is told so before its body is read.
  if (major === 3) {
    for (let name = reader.string(); name !== ''; name = reader.string()) parameters.set(name, reader.string());
    reader.end();
  }
  return { kind: 'startup', major, minor, parameters };
}

/** `type` is the message's type byte as a character. Throws 08P01 for what is no message, fatal to the connection. */
export function decodeRegularMessage(type: string, body: Buffer): RegularMessage {
  const decode = DECODERS[type];
  if (decode === undefined) {
    throw userError('08P01', `invalid frontend message type ${type.charCodeAt(0)}`);
  }
  try {
    const reader = new BodyReader(body);
    const message = decode(reader);
    reader.end();
    return message;
  } catch (error) {
    return { kind: 'malformed', type, error: error as Error };
  }
}

const DECODERS: Readonly<Record<string, (reader: BodyReader) => RegularMessage>> = {
  Q: (reader) => ({ kind: 'query', sql: reader.string() }),
  P: (reader) => ({
    kind: 'parse',
    name: reader.string(),
    sql: reader.string(),
    parameterTypeOids: reader.list((r) => r.int32() >>> 0),
  }),
  B: (reader) => ({
    kind: 'bind',
    portal: reader.string(),
    statement: reader.string(),
    parameterFormats: reader.list((r) => r.int16()),
    parameters: reader.list((r) => {
      const byteLength = r.int32();
      return byteLength === -1 ? null : r.bytes(byteLength);
    }),
    resultFormats: reader.list((r) => r.int16()),
  }),
  D: (reader) => ({ kind: 'describe', target: readTarget(reader), name: reader.string() }),
  C: (reader) => ({ kind: 'close', target: readTarget(reader), name: reader.string() }),
  E: (reader) => ({ kind: 'execute', portal: reader.string(), maxRows: reader.int32() }),
  H: () => ({ kind: 'flush' }),
  S: () => ({ kind: 'sync' }),
  X: () => ({ kind: 'terminate' }),
  p: (reader) => ({ kind: 'authentication', body: reader.rest() }),
  d: (reader) => ({ kind: 'copy-data', bytes: reader.rest() }),
  c: () => ({ kind: 'copy-done' }),
  f: (reader) => ({ kind: 'copy-fail', message: reader.string() }),
  F: (reader) => {
    reader.rest();
    return { kind: 'function-call' };
  },
};

function readTarget(reader: BodyReader): 'statement' | 'portal' {
  const target = String.fromCharCode(reader.int8());
  if (target === 'S') return 'statement';
  if (target === 'P') return 'portal';
  throw malformed();
}

function malformed(): Error {
  return userError('08P01', 'invalid message format');
}

/** Text from a client, which must be UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw userError('22021', 'invalid byte sequence for encoding "UTF8"', {
      hint: 'Millrace speaks UTF-8 only: set client_encoding to UTF8.',
    });
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads fields in order; every read past the end is a malformed message. */
export class BodyReader {
  private position = 0;
  private readonly body: Buffer;

  constructor(body: Buffer) {
    this.body = body;
  }

  int8(): number {
    return this.body[this.advance(1)]!;
  }

  int16(): number {
    return this.body.readInt16BE(this.advance(2));
  }

  int32(): number {
    return this.body.readInt32BE(this.advance(4));
  }

  bytes(byteLength: number): Uint8Array {
    const start = this.advance(byteLength);
    return this.body.subarray(start, start + byteLength);
  }

  rest(): Uint8Array {
    return this.bytes(this.body.length - this.position);
  }

  string(): string {
    const end = this.body.indexOf(0, this.position);
    if (end < 0) throw malformed();
    const bytes = this.body.subarray(this.position, end);
    this.position = end + 1;
    return decodeUtf8(bytes);
  }

  /** An i16 count (up to 65,535: PostgreSQL reads it unsigned) and that many items. */
  list<T>(read: (reader: BodyReader) => T): T[] {
    const items: T[] = [];
    for (let count = this.int16() & 0xffff; count > 0; count--) items.push(read(this));
    return items;
  }

  end(): void {
    if (this.position !== this.body.length) throw malformed();
  }

  private advance(byteLength: number): number {
    const start = this.position;
    if (byteLength < 0 || byteLength > this.body.length - start) throw malformed();
    this.position = start + byteLength;
    return start;
  }
}
