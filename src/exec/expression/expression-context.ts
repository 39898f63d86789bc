import { bugError } from '../../common/errors.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import { ZEROS } from '../rows/vector-source.js';
import type { HostCall } from './generated-values.js';
import { mathFunctions } from './host-functions.js';

/** A module as it is cached: the same for all programs of one shape. */
export interface CompiledModule {
  readonly module: WebAssembly.Module;
  readonly imports: readonly { readonly module: string; readonly name: string }[];
  readonly hostCalls: readonly HostCall[];
  /** What it was compiled from; kept where memory is checked. */
  readonly bytes: Uint8Array | undefined;
  /** Code keeps no state: one instance serves every program, but for those that call JavaScript of their own. */
  readonly instances: WeakMap<WebAssembly.Memory, WebAssembly.Instance>;
}

/** Code that has been generated, with what it imports. */
export type GeneratedModule = Omit<CompiledModule, 'module' | 'bytes' | 'instances'> & { readonly bytes: Uint8Array };

const MAX_CACHED_MODULES = 1000;
/** Per thread: V8 shares machine code between threads by itself. */
const modules = new Map<string, CompiledModule>();

let nextDictionary = 0;

/** Ids of dictionaries made here; those of readers are positive. */
export function deriveDictionaryId(): number {
  nextDictionary--;
  return nextDictionary;
}

/** What the programs of one pipeline lane share on one thread. */
export class ExpressionContext {
  readonly shared: SharedMemory;
  readonly kernels: Kernels;
  readonly scope: Scope;
  /** Address of a word that is not 0 once the query is cancelled. */
  readonly cancelled: number;

  constructor(options: {
    readonly shared: SharedMemory;
    readonly kernels: Kernels;
    readonly scope: Scope;
    readonly cancelled?: number;
  }) {
    this.shared = options.shared;
    this.kernels = options.kernels;
    this.scope = options.scope;
    this.cancelled = options.cancelled ?? ZEROS;
  }

  /** The module of a shape, compiled when it is first asked for. */
  module(key: string, generate: () => GeneratedModule): CompiledModule {
    let compiled = modules.get(key);
    if (!compiled) {
      if (modules.size >= MAX_CACHED_MODULES) modules.clear();
      const { bytes, imports, hostCalls } = generate();
      const { isChecked } = this.shared;
      compiled = {
        module: new WebAssembly.Module(bytes),
        imports,
        hostCalls,
        bytes: isChecked ? bytes : undefined,
        instances: new WeakMap(),
      };
      modules.set(key, compiled);
    } else if (this.shared.isChecked && compiled.bytes && !sameBytes(compiled.bytes, generate().bytes)) {
      throw bugError(`two different modules have the key ${key}`);
    }
    return compiled;
  }

  /** An instance for a program; `callFunction(id)` runs its host call of that number, with the operands in the scratch area. */
  instance(compiled: CompiledModule, callFunction: (id: number) => void): WebAssembly.Instance {
    if (compiled.hostCalls.length > 0) return this.instantiate(compiled, callFunction);
    const { memory } = this.shared;
    let instance = compiled.instances.get(memory);
    if (instance === undefined) {
      instance = this.instantiate(compiled, callFunction);
      compiled.instances.set(memory, instance);
    }
    return instance;
  }

  /** An instance that is nobody else's. */
  instantiate(compiled: CompiledModule, callFunction: (id: number) => void): WebAssembly.Instance {
    const kernels: Record<string, unknown> = {};
    for (const { module, name } of compiled.imports) {
      if (module !== 'kernels') continue;
      const kernel = (this.kernels as unknown as Record<string, unknown>)[name] ?? mathFunctions[name];
      if (!kernel) throw bugError(`there is no kernel ${name}`);
      kernels[name] = kernel;
    }
    return new WebAssembly.Instance(compiled.module, {
      env: { memory: this.shared.memory },
      kernels,
      host: { callFunction },
    });
  }
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
