import { Param, Query, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Acts, Answers, Asking, Context, FromRequest, Reads, type PageQuery } from '@second-opinion/nest';
import type { FastifyRequest } from 'fastify';
import { DocumentDownload } from './document-download.handler';
import { DocumentUpload } from './document-upload.handler';
import { dossierReading, downloadReading } from './dossier.view';
import * as c from './file.commands';
import { caseReading, casesReading, filesOf } from './file.readings.view';
import { OnReading } from './on-reading.handler';
import { reportingTasks } from './reporting-tasks.view';
import { textsExample } from './reporting.examples';
import { shownTexts } from './reporting.texts';
import { reportReading, versionOf } from './reports.view';
import { Downloads, Uploads } from './uploads.controller';

@Context('reporting')
export class ReportingController {
  constructor(
    private readonly bus: CommandBus,
    private readonly reads: Reads,
    private readonly onReading: OnReading,
    private readonly uploads: DocumentUpload,
    private readonly downloads: DocumentDownload,
  ) {}

  // The employee decides.
  @Acts('cases/:caseId', c.GrantTransferAuthorisation)
  grantTransferAuthorisation(@FromRequest() command: c.GrantTransferAuthorisation) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.RefuseTransferAuthorisation)
  refuseTransferAuthorisation(@FromRequest() command: c.RefuseTransferAuthorisation) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.WithdrawTransferAuthorisation)
  withdrawTransferAuthorisation(@FromRequest() command: c.WithdrawTransferAuthorisation) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.GrantSourceConsent)
  grantSourceConsent(@FromRequest() command: c.GrantSourceConsent) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId/sources/:sourceId', c.WithdrawSourceConsent)
  withdrawSourceConsent(@FromRequest() command: c.WithdrawSourceConsent) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId/documents/:documentId', c.ShareDocumentWithOwnDoctor)
  shareDocumentWithOwnDoctor(@FromRequest() command: c.ShareDocumentWithOwnDoctor) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.RequestFactualCorrection)
  requestFactualCorrection(@FromRequest() command: c.RequestFactualCorrection) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.GrantReleaseConsent)
  grantReleaseConsent(@FromRequest() command: c.GrantReleaseConsent) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.WithdrawReleaseConsent)
  withdrawReleaseConsent(@FromRequest() command: c.WithdrawReleaseConsent) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.BlockReport)
  blockReport(@FromRequest() command: c.BlockReport) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.WithdrawRequest)
  withdrawRequest(@FromRequest() command: c.WithdrawRequest) {
    return this.bus.execute(command);
  }

  // The second opinion doctor works.
  @Acts('cases/:caseId', c.ProceedWithoutOwnDossier)
  proceedWithoutOwnDossier(@FromRequest() command: c.ProceedWithoutOwnDossier) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.DecideNotExecutable)
  decideNotExecutable(@FromRequest() command: c.DecideNotExecutable) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId/documents/:documentId', c.QuarantineDocument)
  quarantineDocument(@FromRequest() command: c.QuarantineDocument) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.CloseDossier)
  closeDossier(@FromRequest() command: c.CloseDossier) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId/sources/:sourceId', c.RequestTreatingDoctorInformation)
  requestTreatingDoctorInformation(@FromRequest() command: c.RequestTreatingDoctorInformation) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId/sources/:sourceId', c.RecordThirdPartyInformation)
  recordThirdPartyInformation(@FromRequest() command: c.RecordThirdPartyInformation) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.FinaliseReportForReview)
  finaliseReportForReview(@FromRequest() command: c.FinaliseReportForReview) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.ShareReport)
  shareReport(@FromRequest() command: c.ShareReport) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.CorrectReport)
  correctReport(@FromRequest() command: c.CorrectReport) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.RejectCorrection)
  rejectCorrection(@FromRequest() command: c.RejectCorrection) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.StateWorkedHours)
  stateWorkedHours(@FromRequest() command: c.StateWorkedHours) {
    return this.bus.execute(command);
  }

  // The own doctor answers.
  @Acts('cases/:caseId', c.RecordFollowUp)
  recordFollowUp(@FromRequest() command: c.RecordFollowUp) {
    return this.bus.execute(command);
  }

  // Documents are streams.
  @Uploads('cases/:caseId/documents', 'AddDossierDocument')
  addDocument(@Req() request: FastifyRequest) {
    return this.uploads.add(request);
  }

  @Answers('cases/:caseId/documents', dossierReading, { shape: 'list' })
  documents(@Param('caseId') caseId: string, @Asking() asking: Asking) {
    return this.downloads.list(caseId, asking);
  }

  @Downloads('cases/:caseId/documents/:documentId', downloadReading.operation)
  document(@Param('caseId') caseId: string, @Param('documentId') documentId: string, @Asking() asking: Asking) {
    return this.downloads.open(caseId, documentId, asking);
  }

  // What can be read.
  @Answers('cases/:caseId', caseReading)
  one(@Param('caseId') caseId: string, @Asking() asking: Asking) {
    return this.reads.one(caseReading, caseId, asking);
  }

  @Answers('cases', casesReading)
  list(@Query() page: PageQuery, @Asking() asking: Asking) {
    return this.reads.list(casesReading, filesOf(asking.actor), page, asking);
  }

  @Answers('cases/:caseId/report', reportReading(0), { summary: 'The newest version of the report that you may read' })
  report(@Param('caseId') caseId: string, @Asking() asking: Asking) {
    return this.onReading.report(caseId, 0, asking);
  }

  @Answers('cases/:caseId/report-versions/:version', reportReading(1), { summary: 'One version of the report' })
  reportVersion(@Param('caseId') caseId: string, @Param('version') version: string, @Asking() asking: Asking) {
    return this.onReading.report(caseId, versionOf(version), asking);
  }

  @Answers('texts', 'reporting.GetTexts', { summary: 'Texts with their versions', example: textsExample })
  texts() {
    return shownTexts();
  }

  @Answers('tasks', 'reporting.ListTasks')
  tasks(@Query() page: PageQuery, @Asking() asking: Asking) {
    return this.reads.tasks(reportingTasks, page, asking);
  }
}
