import angular from 'angular-eslint';

const components = ['frontend/src/**/*.ts', 'libs/ui/src/**/*.ts'];
const templates = ['frontend/src/**/*.html', 'libs/ui/src/**/*.html'];

/** The portal and the design system: standalone, zoneless, signals; templates that a keyboard and a screen reader can use. */
export const angularRules = [
  {
    files: components,
    extends: [angular.configs.tsRecommended],
    processor: angular.processInlineTemplates,
    rules: {
      '@angular-eslint/prefer-signals': 'error',
      '@angular-eslint/prefer-inject': 'error',
      '@angular-eslint/prefer-standalone': 'error',
      '@angular-eslint/prefer-output-emitter-ref': 'error',
      '@angular-eslint/no-uncalled-signals': 'error',
      // Angular's functions and classes wire themselves with decorators; their classes may be empty.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
    },
  },
  {
    files: templates,
    extends: [angular.configs.templateRecommended, angular.configs.templateAccessibility],
    rules: {
      '@angular-eslint/template/no-any': 'error',
      '@angular-eslint/template/button-has-type': 'error',
      '@angular-eslint/template/prefer-control-flow': 'error',
      '@angular-eslint/template/no-positive-tabindex': 'error',
      '@angular-eslint/template/use-track-by-function': 'error',
    },
  },
];
