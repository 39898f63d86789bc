import { formatJsonb, quoteJson } from '../json/json-text.js';
import { isPredicate, type JsonPath, type PathLevel, type PathNode, type PathStep } from './path-syntax.js';

/** As PostgreSQL prints a path: keys in quotes, operators in parentheses where they stand alone. */
export function formatJsonPath({ strict, body }: JsonPath): string {
  return `${strict ? 'strict ' : ''}${format(body, true)}`;
}

function rankOf(node: PathNode): number {
  switch (node.kind) {
    case 'or':
      return 0;
    case 'and':
      return 1;
    case 'comparison':
    case 'startsWith':
      return 2;
    case 'arithmetic':
      return node.operator === '+' || node.operator === '-' ? 3 : 4;
    case 'unary':
      return 5;
    default:
      return 6;
  }
}

function format(node: PathNode, enclosed: boolean): string {
  const operand = (inner: PathNode): string => format(inner, rankOf(inner) <= rankOf(node));
  const enclose = (text: string): string => (enclosed ? `(${text})` : text);
  switch (node.kind) {
    case 'literal':
      return formatJsonb(node.value);
    case 'variable':
      return `$${quoteJson(node.name)}`;
    case 'root':
      return '$';
    case 'current':
      return '@';
    case 'last':
      return 'last';
    case 'path':
      return formatHead(node.head) + node.steps.map(formatStep).join('');
    case 'unary':
      return enclose(`${node.operator}${operand(node.operand)}`);
    case 'arithmetic':
    case 'comparison':
      return enclose(`${operand(node.left)} ${node.operator} ${operand(node.right)}`);
    case 'and':
    case 'or':
      return enclose(`${operand(node.left)} ${node.kind === 'and' ? '&&' : '||'} ${operand(node.right)}`);
    case 'startsWith':
      return enclose(`${operand(node.left)} starts with ${operand(node.right)}`);
    case 'likeRegex': {
      const flags =
        node.flags === '' ? '' : ` flag "${[...'ismxq'].filter((flag) => node.flags.includes(flag)).join('')}"`;
      return enclose(`${operand(node.left)} like_regex ${quoteJson(node.pattern)}${flags}`);
    }
    case 'not':
      return `!(${format(node.operand, false)})`;
    case 'isUnknown':
      return `(${format(node.operand, false)}) is unknown`;
    case 'exists':
      return `exists (${format(node.operand, false)})`;
  }
}

function formatHead(head: PathNode): string {
  const isNumber = head.kind === 'literal' && head.value.kind === 'number';
  return isNumber || isPredicate(head) ? `(${format(head, false)})` : format(head, true);
}

function formatStep(step: PathStep): string {
  switch (step.kind) {
    case 'key':
      return `.${quoteJson(step.name)}`;
    case 'anyKey':
      return '.*';
    case 'anyElement':
      return '[*]';
    case 'subscripts': {
      const written = step.subscripts.map(
        ({ from, to }) => format(from, false) + (to === undefined ? '' : ` to ${format(to, false)}`),
      );
      return `[${written.join(',')}]`;
    }
    case 'descendants':
      return `.**${levels(step.first, step.last)}`;
    case 'filter':
      return `?(${format(step.predicate, false)})`;
    case 'method':
      return `.${step.name}()`;
  }
}

function levels(first: PathLevel, last: PathLevel): string {
  if (first === 0 && last === 'last') return '';
  return first === last ? `{${first}}` : `{${first} to ${last}}`;
}
