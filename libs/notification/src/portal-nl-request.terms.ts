import type { PortalText } from './texts.terms';

/** What the portal says in Dutch of requests, assignments and quotes (N01 to N04). */
export const portalRequestNl = {
  'N01-own-doctor': {
    title: 'Aanvraag {caseNumber} is ingediend',
    lines: [
      'Wij hebben aanvraag {caseNumber} ontvangen.',
      'De gekozen arts krijgt nu de vraag of hij de opdracht aanneemt. U ontvangt van ons een offerte.',
    ],
  },
  'N01-employee': {
    title: 'Uw aanvraag {caseNumber} is ingediend',
    lines: [
      'Uw bedrijfsarts heeft uw aanvraag {caseNumber} ingediend.',
      'De arts die u koos, krijgt nu de vraag of hij de opdracht aanneemt. Daarna plannen wij een afspraak.',
      'Wij melden niets aan uw werkgever.',
    ],
  },
  'N01-withdrawn-own-doctor': {
    title: 'Aanvraag {caseNumber} is ingetrokken',
    lines: ['De werknemer heeft aanvraag {caseNumber} ingetrokken. U hoeft niets meer te doen.'],
  },
  'N01-withdrawn-doctor': {
    title: 'Aanvraag {caseNumber} is ingetrokken',
    lines: ['De werknemer heeft aanvraag {caseNumber} ingetrokken. Er komt geen advies.'],
  },
  'N01-withdrawn-employee': {
    title: 'U heeft uw aanvraag {caseNumber} ingetrokken',
    lines: [
      'Wij hebben de intrekking van aanvraag {caseNumber} ontvangen.',
      'Er wordt niets meer onderzocht of gedeeld.',
    ],
  },
  'N01-answer-due': {
    title: 'Aanvraag {caseNumber} wacht op u',
    lines: [
      'Uw aanvraag {caseNumber} kan pas worden ingediend als u in het portaal doet wat daar voor u klaarstaat.',
      'Doe dit tot en met {until}. Weet u niet wat u moet kiezen? Bespreek het met uw bedrijfsarts.',
      'Wilt u geen second opinion meer? Dan kunt u uw aanvraag intrekken.',
    ],
  },
  'N01-silent': {
    title: 'De werknemer van {caseNumber} reageert niet',
    lines: [
      'Aanvraag {caseNumber} wacht op de werknemer. Wij hebben hem herinnerd. Hij heeft niet gereageerd.',
      'Benader hem zelf. Komt er geen reactie, dan kunt u de aanvraag beëindigen.',
    ],
  },
  'N01-ended-unanswered': {
    title: 'Uw aanvraag {caseNumber} is gesloten',
    lines: [
      'Wij kregen van u geen reactie op wat voor aanvraag {caseNumber} nodig was. Uw bedrijfsarts heeft de aanvraag daarom gesloten.',
      'U kunt met uw bedrijfsarts opnieuw een aanvraag doen.',
    ],
  },
  'N02-due': {
    title: 'Beslis over aanvraag {caseNumber}',
    lines: [
      'Een wens voor een second opinion, {caseNumber}, wacht op uw beslissing.',
      'Willig haar in, of wijs haar af met uw redenen, uiterlijk {until}.',
    ],
  },
  'N02-refused': {
    title: 'Uw verzoek is afgewezen',
    lines: [
      'Uw bedrijfsarts heeft uw verzoek {caseNumber} afgewezen.',
      'Grond: {ground}.',
      'Uitleg van uw bedrijfsarts:',
      '{motivation}',
      '{complaintRoute}',
      'Heeft u nieuwe feiten? Dan kunt u met uw bedrijfsarts een nieuw verzoek doen.',
    ],
  },
  'N03-offered': {
    title: 'Nieuwe opdracht {caseNumber}',
    lines: [
      'Er is een opdracht voor u: {caseNumber}.',
      'Regio: {region}. Onderwerp: {subject}.',
      'Laat ons uiterlijk {until} weten of u de opdracht aanneemt. Na het aannemen ziet u om wie het gaat.',
    ],
  },
  'N03-declined': {
    title: 'Opdracht {caseNumber} is niet aangenomen',
    lines: [
      'De gevraagde arts voert opdracht {caseNumber} niet uit.',
      'Heeft de werknemer een tweede voorkeur opgegeven, dan vragen wij nu die arts.',
    ],
  },
  'N03-reassigned': {
    title: 'De arts kan opdracht {caseNumber} niet afmaken',
    lines: [
      'De arts die opdracht {caseNumber} had aangenomen, kan haar niet afmaken.',
      'Heeft de werknemer een tweede voorkeur opgegeven, dan vragen wij nu die arts.',
      'De volgende arts begint opnieuw. Ook om de machtiging vragen wij de werknemer dan opnieuw.',
    ],
  },
  'N03-no-doctor': {
    title: 'Geen arts beschikbaar voor {caseNumber}',
    lines: ['Geen van de gekozen artsen voert opdracht {caseNumber} uit.', 'Stel de werknemer opnieuw artsen voor.'],
  },
  'N03-closed': {
    title: 'Uw aanvraag {caseNumber} is gesloten',
    lines: [
      'Voor aanvraag {caseNumber} is geen arts gevonden. De aanvraag is daarom gesloten.',
      'U kunt met uw bedrijfsarts opnieuw een aanvraag doen.',
    ],
  },
  'N04-issued': {
    title: 'Offerte voor {caseNumber}',
    lines: [
      'De offerte voor aanvraag {caseNumber} staat klaar.',
      'Prijs zonder btw: {net}. Btw: {vat}. Totaal: {total}.',
      'De offerte is geldig tot en met {until}. De afspraak wordt pas bevestigd als de offerte is getekend.',
      'Bij de offerte staan de voorwaarden en de uitleg (versie {version}).',
    ],
  },
  'N04-issued-employee': {
    title: 'Offerte voor {caseNumber}',
    lines: [
      'U betaalt dit advies zelf. De offerte voor aanvraag {caseNumber} staat klaar.',
      'Prijs zonder btw: {net}. Btw: {vat}. Totaal: {total}.',
      'De offerte is geldig tot en met {until}. Wij hebben ook uw handtekening nodig.',
      'Bij de offerte staan de voorwaarden en de uitleg (versie {version}).',
    ],
  },
  'N04-reminder': {
    title: 'De offerte voor {caseNumber} is nog niet getekend',
    lines: ['De offerte voor aanvraag {caseNumber} is geldig tot en met {until}.'],
  },
  'N04-reminder-employee': {
    title: 'De offerte voor {caseNumber} is nog niet getekend',
    lines: ['De offerte voor aanvraag {caseNumber} is geldig tot en met {until}.'],
  },
  'N04-expired': {
    title: 'De offerte voor {caseNumber} is verlopen',
    lines: ['De offerte voor aanvraag {caseNumber} is niet op tijd getekend. De gereserveerde tijd is vrijgegeven.'],
  },
  'N04-closed': {
    title: 'Uw aanvraag {caseNumber} is gesloten',
    lines: [
      'De offerte voor aanvraag {caseNumber} is niet getekend. Daarom gaat de aanvraag niet door.',
      'Vraag uw bedrijfsarts wat u nu kunt doen.',
    ],
  },
} satisfies Readonly<Record<string, PortalText>>;
