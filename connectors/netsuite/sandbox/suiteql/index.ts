export { SuiteQlError } from './errors.ts'
export { executeSuiteQl, explainSuiteQl, type SuiteQlResult } from './execute.ts'
