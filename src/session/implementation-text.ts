import { userError } from '../common/errors.js';

/** The text of a function, or of an object of functions, as an expression that means the same on another thread. */
export function textOfImplementation(implementation: unknown, name: string): string {
  if (typeof implementation === 'function') return textOfFunction(implementation, name);
  if (typeof implementation !== 'object' || implementation === null) {
    throw userError('38000', `the implementation of function ${name} is not a function`, {
      hint: 'Give a function, or for an aggregate an object of functions: { init, step, finish }.',
    });
  }
  const members = Object.entries(implementation).map(([key, member]) => {
    if (typeof member !== 'function') {
      throw userError('38000', `"${key}" of the implementation of function ${name} is not a function`, {
        hint: 'What is not a function stays here: keep it in a module, and name the module.',
      });
    }
    return `${JSON.stringify(key)}: ${textOfFunction(member, name)}`;
  });
  return `{ ${members.join(', ')} }`;
}

function textOfFunction(implementation: object, name: string): string {
  const text = Function.prototype.toString.call(implementation);
  if (/\{\s*\[native code\]\s*\}$/.test(text)) {
    throw userError('38000', `the text of function ${name} is not to be had`, {
      detail: 'It is bound to values, or part of JavaScript itself.',
      hint: 'Write a function around it: (x) => Math.sign(x).',
    });
  }
  if (text.startsWith('class')) {
    throw userError('38000', `the implementation of function ${name} is a class`, { hint: 'Give a function.' });
  }
  if (isExpression(text)) return `(${text})`;
  // A method: `add(x) {…}`, `*rows() {…}`.
  const [method] = /^(?:async\s+)?\*?\s*([\w$]+)\s*\(/.exec(text)?.slice(1) ?? [];
  if (method !== undefined && isExpression(`{ ${text} }`)) return `({ ${text} }[${JSON.stringify(method)}])`;
  throw userError('38000', `the text of function ${name} cannot stand by itself`, {
    hint: 'Write it as (x) => … or function (x) { … }.',
  });
}

/** Is it whole? Nothing of it runs. */
function isExpression(text: string): boolean {
  try {
    new Function(`return (${text});`);
    return true;
  } catch {
    return false;
  }
}
