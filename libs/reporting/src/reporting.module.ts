import { Module } from '@nestjs/common';
import { contextModule, deciderHandlers, Rim } from '@second-opinion/nest';
import { CheckFilesOfDoctorHandler } from './check-files-of-doctor.handler';
import { DestroyContentHandler, DestroyDocumentsHandler } from './destroy-documents.handler';
import * as doctorCommands from './doctor.commands';
import { doctor } from './doctor.decider';
import { doctorEvents } from './doctor.events';
import { DocumentDownload } from './document-download.handler';
import { DocumentUpload } from './document-upload.handler';
import * as fileCommands from './file.commands';
import { medicalFile } from './file.decider';
import { fileEvents } from './file.events';
import { OnReading } from './on-reading.handler';
import { reportingProblems } from './reporting.problems';
import { reportingPublisher } from './reporting.publisher';
import { ReportingController } from './reporting.controller';
import { whenAppointmentMissedNoteIt } from './when-appointment-missed-note-it.policy';
import { whenCaseMovesNoteIt } from './when-case-moves-note-it.policy';
import { whenConsultationHeldNoteIt } from './when-consultation-held-note-it.policy';
import { whenDoctorRegisteredNoteHim } from './when-doctor-registered-note-him.policy';
import { whenDocumentsDroppedDestroyThem } from './when-documents-dropped-destroy-them.policy';
import { whenQuoteMovesNoteIt } from './when-quote-moves-note-it.policy';
import { whenReleaseMessageFailedRecordIt } from './when-release-message-failed-record-it.policy';
import { whenWriterKnownCheckRegistration } from './when-writer-known-check-registration.policy';
import { projected } from './reporting.views';
import { WritingDoctorHandler } from './writing-doctor.handler';

@Module(
  contextModule({
    ...projected,
    controllers: [ReportingController],
    problems: reportingProblems,
    events: { 'reporting.doctor': doctorEvents, 'reporting.file': fileEvents },
    handlers: [
      ...deciderHandlers(doctor, doctorCommands, { CheckFilesOfDoctor: CheckFilesOfDoctorHandler }),
      ...deciderHandlers(medicalFile, fileCommands, {
        CheckRegistration: WritingDoctorHandler,
        DestroyDocuments: DestroyDocumentsHandler,
        DestroyContent: DestroyContentHandler,
        FinaliseReportForReview: WritingDoctorHandler,
        ShareReport: WritingDoctorHandler,
        CorrectReport: WritingDoctorHandler,
        RejectCorrection: WritingDoctorHandler,
        ProceedWithoutOwnDossier: WritingDoctorHandler,
        DecideNotExecutable: WritingDoctorHandler,
        RecordFollowUp: WritingDoctorHandler,
      }),
    ],
    policies: [
      whenAppointmentMissedNoteIt,
      whenCaseMovesNoteIt,
      whenConsultationHeldNoteIt,
      whenDoctorRegisteredNoteHim,
      whenDocumentsDroppedDestroyThem,
      whenQuoteMovesNoteIt,
      whenReleaseMessageFailedRecordIt,
      whenWriterKnownCheckRegistration,
    ],
    publishers: [reportingPublisher],
    providers: [Rim, OnReading, DocumentUpload, DocumentDownload],
  }),
)
export class ReportingModule {}
