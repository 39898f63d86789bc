import { userError } from '../../common/errors.js';
import { nearestNameHint } from '../../common/nearest-name.js';
import type * as Ast from '../../parser/ast/index.js';

/** The WINDOW clause: windows by name, each with what it takes from the one it names as its base. */
export class WindowDefinitions {
  private readonly byName = new Map<string, Ast.WindowSpecification>();

  constructor(named: readonly Ast.NamedWindow[]) {
    for (const { name, specification } of named) {
      if (this.byName.has(name.name)) {
        throw userError('42P20', `window "${name.name}" is already defined`, {
          position: specification.position,
          hint: 'Give it another name.',
        });
      }
      this.byName.set(name.name, this.refined(specification));
    }
  }

  /** What stands after OVER, with all that it inherits. */
  resolve(over: Ast.WindowSpecification | Ast.Identifier): Ast.WindowSpecification {
    return over.kind === 'windowSpecification' ? this.refined(over) : this.find(over);
  }

  private find(name: Ast.Identifier): Ast.WindowSpecification {
    const found = this.byName.get(name.name);
    if (found) return found;
    throw userError('42704', `window "${name.name}" does not exist`, {
      position: name.position,
      hint: nearestNameHint(name.name, [...this.byName.keys()], 'Define it after HAVING: WINDOW name AS (…).'),
    });
  }

  private refined(specification: Ast.WindowSpecification): Ast.WindowSpecification {
    const { base: name, partitionBy, orderBy, position } = specification;
    if (!name) return specification;
    const base = this.find(name);
    const refuse = (what: string, hint: string): never => {
      throw userError('42P20', `cannot ${what}`, { position, hint });
    };
    if (partitionBy.length > 0) {
      refuse(`override PARTITION BY clause of window "${name.name}"`, 'Write the whole window instead of a name.');
    }
    if (orderBy.length > 0 && base.orderBy.length > 0) {
      refuse(`override ORDER BY clause of window "${name.name}"`, 'Write the whole window instead of a name.');
    }
    if (base.frame) {
      refuse(
        `copy window "${name.name}" because it has a frame clause`,
        `Omit the parentheses in this OVER clause, or leave the frame out of "${name.name}".`,
      );
    }
    return {
      ...specification,
      base: undefined,
      partitionBy: base.partitionBy,
      orderBy: orderBy.length > 0 ? orderBy : base.orderBy,
    };
  }
}
