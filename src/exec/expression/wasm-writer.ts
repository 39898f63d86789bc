import type { WasmType } from '../../functions/opcodes.js';

/** Binary format of WebAssembly, core specification chapter 5. */
const typeCodes: Readonly<Record<WasmType, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b };

export class ByteWriter {
  private bytes: Uint8Array = new Uint8Array(256);
  length = 0;

  byte(value: number): void {
    if (this.length === this.bytes.length) this.grow(1);
    this.bytes[this.length++] = value;
  }

  append(values: Uint8Array | readonly number[]): void {
    if (this.length + values.length > this.bytes.length) this.grow(values.length);
    this.bytes.set(values, this.length);
    this.length += values.length;
  }

  unsigned(value: number): void {
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  signed(value: bigint | number): void {
    let rest = BigInt(value);
    for (;;) {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      if ((rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0)) {
        this.byte(low);
        return;
      }
      this.byte(low | 0x80);
    }
  }

  name(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.unsigned(bytes.length);
    this.append(bytes);
  }

  toBytes(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  private grow(needed: number): void {
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + needed));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }
}

export function typeCode(type: WasmType): number {
  return typeCodes[type];
}

function section(out: ByteWriter, id: number, count: number, write: (part: ByteWriter) => void): void {
  const part = new ByteWriter();
  part.unsigned(count);
  write(part);
  out.byte(id);
  out.unsigned(part.length);
  out.append(part.toBytes());
}

interface FunctionType {
  readonly params: readonly WasmType[];
  readonly results: readonly WasmType[];
}

/** One module: the shared memory and functions imported, functions of its own exported by name. */
export class ModuleWriter {
  private readonly types: FunctionType[] = [];
  private readonly imports: { module: string; name: string; type: number }[] = [];
  private readonly functions: { name: string; type: number; body: Uint8Array }[] = [];

  /** The index of an imported function. All imports come before the first `addFunction`'s body is finished. */
  importFunction(module: string, name: string, params: readonly WasmType[], result: WasmType | undefined): number {
    const known = this.imports.findIndex((entry) => entry.module === module && entry.name === name);
    if (known >= 0) return known;
    this.imports.push({ module, name, type: this.typeIndex({ params, results: result ? [result] : [] }) });
    return this.imports.length - 1;
  }

  get importedNames(): readonly { readonly module: string; readonly name: string }[] {
    return this.imports;
  }

  addFunction(name: string, params: readonly WasmType[], results: readonly WasmType[], body: Uint8Array): void {
    this.functions.push({ name, type: this.typeIndex({ params, results }), body });
  }

  toBytes(): Uint8Array {
    const out = new ByteWriter();
    out.append([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    section(out, 1, this.types.length, (part) => {
      for (const { params, results } of this.types) {
        part.byte(0x60);
        part.unsigned(params.length);
        for (const param of params) part.byte(typeCodes[param]);
        part.unsigned(results.length);
        for (const result of results) part.byte(typeCodes[result]);
      }
    });
    section(out, 2, this.imports.length + 1, (part) => {
      part.name('env');
      part.name('memory');
      // A shared memory of at most 65,536 pages; limits flag 3 = shared, with a maximum.
      part.append([2, 3]);
      part.unsigned(1);
      part.unsigned(65_536);
      for (const entry of this.imports) {
        part.name(entry.module);
        part.name(entry.name);
        part.byte(0);
        part.unsigned(entry.type);
      }
    });
    section(out, 3, this.functions.length, (part) => {
      for (const { type } of this.functions) part.unsigned(type);
    });
    section(out, 7, this.functions.length, (part) => {
      this.functions.forEach(({ name }, index) => {
        part.name(name);
        part.byte(0);
        part.unsigned(this.imports.length + index);
      });
    });
    section(out, 10, this.functions.length, (part) => {
      for (const { body } of this.functions) {
        part.unsigned(body.length);
        part.append(body);
      }
    });
    return out.toBytes();
  }

  private typeIndex(type: FunctionType): number {
    const same = this.types.findIndex(
      (known) => known.params.join() === type.params.join() && known.results.join() === type.results.join(),
    );
    if (same >= 0) return same;
    this.types.push(type);
    return this.types.length - 1;
  }
}
