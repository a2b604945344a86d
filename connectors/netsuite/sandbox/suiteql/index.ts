export { SuiteQlError } from './errors.ts'
export { executeSuiteQl, explainSuiteQl, type SuiteQlRequest, type SuiteQlResult } from './execute.ts'
