export { Answers, AnswersContent, AnswersProblem } from './answers.js';
export { configureHttp } from './configure-app.js';
export { HttpModule } from './http.module.js';
export { describeApi } from './openapi.js';
export { ProblemError } from './problem-error.js';
export { isServerFault, toProblem } from './problem-mapping.js';
export { ContractValidationPipe } from './validation.js';
export { PUBLIC_OPERATION } from './public-operation.js';
