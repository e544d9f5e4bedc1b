import { Module } from '@nestjs/common';
import { contextModule, deciderHandlers, Rim } from '@second-opinion/nest';
import { DestroyContentHandler, DestroyDocumentsHandler } from './destroy-documents.handler';
import { DocumentDownload } from './document-download.handler';
import { DocumentUpload } from './document-upload.handler';
import { dossier } from './dossier.view';
import * as fileCommands from './file.commands';
import { medicalFile } from './file.decider';
import { fileEvents } from './file.events';
import { fileOverview } from './file-overview.view';
import { OnReading } from './on-reading.handler';
import { reportingDeadlines } from './reporting.deadlines';
import { reportingPublisher } from './reporting.publisher';
import { reportingTasks } from './reporting-tasks.view';
import { reports } from './reports.view';
import { ReportingController } from './reporting.controller';
import { whenCaseMovesNoteIt } from './when-case-moves-note-it.policy';
import { whenConsultationHeldNoteIt } from './when-consultation-held-note-it.policy';
import { whenDocumentsDroppedDestroyThem } from './when-documents-dropped-destroy-them.policy';
import { whenReleaseMessageFailedRecordIt } from './when-release-message-failed-record-it.policy';

@Module(
  contextModule({
    name: 'reporting',
    controllers: [ReportingController],
    events: { 'reporting.file': fileEvents },
    handlers: [
      ...deciderHandlers(medicalFile, fileCommands, {
        DestroyDocuments: DestroyDocumentsHandler,
        DestroyContent: DestroyContentHandler,
      }),
    ],
    views: [fileOverview, dossier, reports, reportingTasks],
    policies: [
      whenCaseMovesNoteIt,
      whenConsultationHeldNoteIt,
      whenDocumentsDroppedDestroyThem,
      whenReleaseMessageFailedRecordIt,
    ],
    publishers: [reportingPublisher],
    deadlines: reportingDeadlines,
    providers: [Rim, OnReading, DocumentUpload, DocumentDownload],
  }),
)
export class ReportingModule {}
