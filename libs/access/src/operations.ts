import type { ContextRules } from './rules';

/** operationsAccess says who may ask a program how it does; nothing in it names anybody, but how often what was decided is nobody's else (BR-38, BR-40). */
export const operationsAccess: ContextRules = {
  operations: {
    GetMetrics: {
      roles: ['operator'],
      basis: 'who keeps it running; counts of routes tell what was decided, and to nobody else',
    },
  },
  purposes: {},
};
