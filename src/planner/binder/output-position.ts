import type * as Ast from '../../parser/ast/index.js';

/** Where the n-th column of a query stands in the text: for errors about its type. A star stands for all behind it. */
export function outputPosition(body: Ast.QueryBody, index: number): number {
  switch (body.kind) {
    case 'query':
      return outputPosition(body.body, index);
    case 'setOperation':
      return outputPosition(body.left, index);
    case 'values':
      return body.rows[0]?.[index]?.position ?? body.position;
    case 'select': {
      const star = body.items.findIndex((item) => item.kind === 'star');
      return body.items[star >= 0 && star < index ? star : index]?.position ?? body.position;
    }
  }
}
