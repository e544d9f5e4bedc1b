import { RECORDS_TOPIC } from '@second-opinion/contracts';
import type { Publisher } from '@second-opinion/kernel';
import type { ErasureEvent } from './erasure.events';

export const recordsPublisher: Publisher<ErasureEvent> = {
  topic: RECORDS_TOPIC,
  categories: ['records.erasure'],
  on: {
    ErasureDecided: ({ data }) => ({ type: 'ErasureDecided', key: data.caseId ?? data.personId, data }),
    SubjectKeyDestroyed: ({ data: { keyId, personId, caseId, category, basis } }) => ({
      type: 'SubjectKeyDestroyed',
      key: caseId ?? personId,
      data: { keyId, personId, ...(caseId === undefined ? {} : { caseId }), category, basis },
    }),
  },
};
