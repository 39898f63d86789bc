import type { Expression } from '../../../src/parser/index.js';

/** An expression with every operation in parentheses, so that tests can see how it was grouped. */
export function render(node: Expression): string {
  const not = (negated: boolean): string => (negated ? 'not ' : '');
  switch (node.kind) {
    case 'numericLiteral':
      return node.text;
    case 'stringLiteral':
      return `'${node.value}'`;
    case 'booleanLiteral':
      return String(node.value);
    case 'nullLiteral':
      return 'null';
    case 'columnReference':
      return node.parts.map(({ name }) => name).join('.');
    case 'parameterReference':
      return `$${node.index}`;
    case 'unary':
      return `(${node.operator} ${render(node.operand)})`;
    case 'binary':
      return `(${render(node.left)} ${node.operator} ${render(node.right)})`;
    case 'logical':
      return `(${node.operands.map(render).join(` ${node.operator} `)})`;
    case 'not':
      return `(not ${render(node.operand)})`;
    case 'is':
      return `(${render(node.operand)} is ${not(node.negated)}${node.test})`;
    case 'isDistinctFrom':
      return `(${render(node.left)} is ${not(node.negated)}distinct from ${render(node.right)})`;
    case 'between':
      return `(${render(node.operand)} ${not(node.negated)}between ${render(node.low)} and ${render(node.high)})`;
    case 'like':
      return `(${render(node.operand)} ${not(node.negated)}${node.matching} ${render(node.pattern)}${
        node.escape === undefined ? '' : ` escape ${render(node.escape)}`
      })`;
    case 'inList':
      return `(${render(node.operand)} ${not(node.negated)}in (${node.items.map(render).join(', ')}))`;
    case 'cast':
      return `(${render(node.operand)}::${node.type.name.parts.map(({ name }) => name).join('.')}${
        node.type.modifiers.length === 0 ? '' : `(${node.type.modifiers.join(',')})`
      }${'[]'.repeat(node.type.arrayDimensions.length)})`;
    case 'collate':
      return `(${render(node.operand)} collate ${node.collation.parts.map(({ name }) => name).join('.')})`;
    case 'functionCall':
      return `${node.name.parts.map(({ name }) => name).join('.')}(${node.args.map(({ value }) => render(value)).join(', ')})`;
    case 'row':
      return `row(${node.elements.map(render).join(', ')})`;
    case 'array':
      return `array[${node.elements.map(render).join(', ')}]`;
    case 'subscript':
      return `${render(node.operand)}[${render(node.index)}]`;
    case 'field':
      return `(${render(node.operand)}).${node.field.name}`;
    case 'quantifiedArray':
      return `(${render(node.operand)} ${node.operator} ${node.quantifier} ${render(node.array)})`;
    case 'typedLiteral':
      return `${node.type.name.parts.map(({ name }) => name).join('.')} '${node.value.value}'`;
    default:
      return node.kind;
  }
}
