import { occurrences } from '../aggregate/occurrences.js';
import { percentileFraction } from '../aggregate/percentile-fraction.js';
import { castFunctions } from '../casts/try-cast.js';
import type { FunctionArea, ScalarFunction } from '../function-types.js';
import { spelledArea } from '../spelled/spelled-functions.js';
import { arithmeticOperators } from './arithmetic/arithmetic-operators.js';
import { dateFunctions } from './dates/date-fields.js';
import { formattingFunctions } from './formatting/number-formatting.js';
import { jsonFieldFunctions } from './json/json-field-functions.js';
import { jsonForms } from './json/json-forms.js';
import { jsonFunctions } from './json/json-functions.js';
import { jsonSetFunctions } from './json/json-set-functions.js';
import { jsonPathFunctions } from './jsonpath/path-functions.js';
import { mathFunctions } from './math/math-functions.js';
import { rareMathFunctions } from './math/rare-functions.js';
import { arrayAssignments } from './nested/array-assignment.js';
import { arrayFunctions } from './nested/array-functions.js';
import { arraySetFunctions } from './nested/array-set-functions.js';
import { lambdaFunctions } from './nested/lambda-functions.js';
import { mapFunctions } from './nested/map-functions.js';
import { quantifiedFunctions } from './nested/quantified-functions.js';
import { variadicFunctions } from './nested/variadic-functions.js';
import { sortKeyFunctions } from './ordering/sort-key-functions.js';
import { catalogFunctions } from './session/catalog-functions.js';
import { failFunction } from './session/fail-function.js';
import { sessionFunctions } from './session/session-functions.js';
import { checksumFunctions } from './text/checksum-functions.js';
import { rareTextFunctions } from './text/rare-text-functions.js';
import { sparkTextFunctions } from './text/spark-text-functions.js';
import { textFunctions } from './text/text-functions.js';
import { unicodeFunctions } from './text/unicode-functions.js';
import { uuidFunctions } from './text/uuid-functions.js';

/** Every scalar function and operator, by the area under which docs/sql lists it. */
export const scalarAreas: readonly FunctionArea[] = [
  { title: 'Arithmetic', functions: arithmeticOperators },
  { title: 'Mathematics', functions: [...mathFunctions, ...rareMathFunctions] },
  {
    title: 'Text',
    functions: [...textFunctions, ...rareTextFunctions, ...unicodeFunctions, ...checksumFunctions, ...uuidFunctions],
  },
  { title: 'Dates and times', functions: dateFunctions },
  { title: 'Formatting', functions: [...formattingFunctions, ...castFunctions] },
  { title: 'Session', functions: [...sessionFunctions, ...catalogFunctions, failFunction] },
  { title: 'Ordering', functions: [...sortKeyFunctions, occurrences, percentileFraction] },
  {
    title: 'Arrays',
    functions: [
      ...arrayFunctions,
      ...arrayAssignments,
      ...variadicFunctions,
      ...arraySetFunctions,
      ...quantifiedFunctions,
    ],
  },
  { title: 'Lambdas', functions: lambdaFunctions },
  {
    title: 'JSON',
    functions: [...jsonFunctions, ...jsonForms, ...jsonSetFunctions, ...jsonFieldFunctions, ...jsonPathFunctions],
  },
  { title: 'Rows and maps', functions: mapFunctions },
  { ...spelledArea, functions: [...spelledArea.functions, ...sparkTextFunctions] },
];

export const scalarFunctions: readonly ScalarFunction[] = scalarAreas.flatMap((area) => area.functions);
