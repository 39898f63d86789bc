import type { IParserErrorMessageProvider, IToken, TokenType } from 'chevrotain';

/** Chevrotain words its own messages; this provider instead keeps what it expected, for hints of ours. */
export class ExpectationRecorder implements IParserErrorMessageProvider {
  expected: TokenType[] = [];

  buildMismatchTokenMessage({ expected }: { expected: TokenType }): string {
    this.expected = [expected];
    return '';
  }

  buildNotAllInputParsedMessage(_options: { firstRedundant: IToken }): string {
    this.expected = [];
    return '';
  }

  buildNoViableAltMessage({ expectedPathsPerAlt }: { expectedPathsPerAlt: TokenType[][][] }): string {
    this.expected = firstTokens(expectedPathsPerAlt.flat());
    return '';
  }

  buildEarlyExitMessage({ expectedIterationPaths }: { expectedIterationPaths: TokenType[][] }): string {
    this.expected = firstTokens(expectedIterationPaths);
    return '';
  }
}

function firstTokens(paths: readonly TokenType[][]): TokenType[] {
  return [...new Set(paths.flatMap((path) => path.slice(0, 1)))];
}
