export { Answers, AnswersContent, AnswersProblem } from './answers.js';
export { ProblemError } from './problem-error.js';
export { ContractValidationPipe } from './validation.js';
