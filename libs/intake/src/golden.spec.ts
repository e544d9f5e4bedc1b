import path from 'node:path';
import { goldenShapes } from '@second-opinion/nest/testing';
import { outOfScopeAsk } from './ask/ask.decider';
import { askEvents } from './ask/ask.events';
import { secondOpinionCase } from './case/case.decider';
import { caseEvents } from './case/case.events';
import { person } from './person/person.decider';
import { personEvents } from './person/person.events';
import { baseContract } from './register/contract.decider';
import { doctor } from './register/doctor.decider';
import { organisation } from './register/organisation.decider';
import { contractEvents, doctorEvents, organisationEvents } from './register/register.events';

goldenShapes({
  folder: path.join(__dirname, '../golden'),
  events: {
    'intake.case': caseEvents,
    'intake.person': personEvents,
    'intake.doctor': doctorEvents,
    'intake.organisation': organisationEvents,
    'intake.contract': contractEvents,
    'intake.ask': askEvents,
  },
  deciders: [secondOpinionCase, person, doctor, organisation, baseContract, outOfScopeAsk],
});
