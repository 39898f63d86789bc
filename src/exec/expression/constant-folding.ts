import { type Kernels, loadKernels } from '../../kernels/kernels.js';
import type { ConstantExpression, Expression } from '../../planner/expression.js';
import { Scope } from '../../vector/scope.js';
import { SharedMemory } from '../../vector/shared-memory.js';
import { castLiteral } from './constant-casts.js';
import { ExpressionContext } from './expression-context.js';
import { Projector } from './projector.js';
import { readValue } from './value-codec.js';

const engines = new WeakMap<WebAssembly.Memory, { readonly shared: SharedMemory; readonly kernels: Kernels }>();

function engineOf(memory: WebAssembly.Memory): { readonly shared: SharedMemory; readonly kernels: Kernels } {
  let engine = engines.get(memory);
  if (!engine) {
    engine = { shared: SharedMemory.attach(memory), kernels: loadKernels(memory) };
    engines.set(memory, engine);
  }
  return engine;
}

/**
 * The value of an expression without columns, by the same code that runs over batches. For the planner's constant
 * folding. Throws what evaluation throws.
 */
export function evaluateConstant(expression: Expression, memory: WebAssembly.Memory): ConstantExpression {
  const literal = castLiteral(expression);
  if (literal !== undefined) return literal;
  const { shared, kernels } = engineOf(memory);
  const scope = new Scope(shared, shared.createOwner());
  try {
    const context = new ExpressionContext({ shared, kernels, scope });
    const [result] = new Projector(context, [expression]).evaluate({ rowCount: 1, columns: [] });
    const isNull = result!.validity !== 0 && shared.u8[result!.validity] === 0;
    return {
      kind: 'constant',
      type: expression.type,
      value: isNull ? null : readValue(shared, result!.data, expression.type),
    };
  } finally {
    scope.free();
  }
}
