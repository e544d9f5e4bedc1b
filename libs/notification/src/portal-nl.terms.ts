import { portalOfficeNl } from './portal-nl-office.terms';
import { portalRequestNl } from './portal-nl-request.terms';
import type { PortalTexts } from './texts.terms';

/** What the portal says in Dutch, at B1 level. A line whose variable is not known is left out. */
export const portalNl: PortalTexts = {
  ...portalRequestNl,
  'N05-confirmed': {
    title: 'Uw afspraak',
    lines: [
      'U heeft een afspraak op {date} om {time}.',
      'Adres: {place}.',
      'De afspraak duurt ten hoogste anderhalf uur.',
      'Neem mee: brieven van artsen die u behandelen, de doosjes van uw medicijnen, ervaringen van uw therapeut op papier, en de vragen die u wilt stellen.',
    ],
  },
  'N05-moved': {
    title: 'Uw afspraak is verplaatst',
    lines: [
      'Uw nieuwe afspraak is op {date} om {time}.',
      'Adres: {place}.',
      'Neem mee: brieven van artsen die u behandelen, de doosjes van uw medicijnen, ervaringen van uw therapeut op papier, en de vragen die u wilt stellen.',
    ],
  },
  'N05-cancelled': {
    title: 'Uw afspraak gaat niet door',
    lines: ['De afspraak op {date} om {time} gaat niet door.'],
  },
  'N05-reminder': {
    title: 'Herinnering aan uw afspraak',
    lines: [
      'U heeft een afspraak op {date} om {time}.',
      'Adres: {place}.',
      'Kunt u niet komen? Meld het ons zo snel mogelijk.',
      'Neem mee: brieven van artsen die u behandelen, de doosjes van uw medicijnen, ervaringen van uw therapeut op papier, en de vragen die u wilt stellen.',
    ],
  },
  'N06-confirmed': {
    title: 'Spreekuur gepland voor {caseNumber}',
    lines: ['Het spreekuur voor {caseNumber} is op {date} om {time}.', 'Plaats: {place}.'],
  },
  'N06-moved': {
    title: 'Spreekuur voor {caseNumber} is verplaatst',
    lines: ['Het spreekuur voor {caseNumber} is nu op {date} om {time}.', 'Plaats: {place}.'],
  },
  'N06-cancelled': {
    title: 'Spreekuur voor {caseNumber} gaat niet door',
    lines: ['Het spreekuur voor {caseNumber} op {date} om {time} gaat niet door.'],
  },
  'N06-reminder': {
    title: 'Herinnering: spreekuur voor {caseNumber}',
    lines: ['Het spreekuur voor {caseNumber} is op {date} om {time}.', 'Plaats: {place}.'],
  },
  'N07-asked': {
    title: 'Mag uw bedrijfsarts gegevens delen?',
    lines: [
      'Voor aanvraag {caseNumber} vragen wij of uw bedrijfsarts medische gegevens mag geven aan de arts die u adviseert.',
      'U beslist dit zelf. Zonder uw machtiging geeft uw bedrijfsarts niets medisch door. U kunt de machtiging later intrekken.',
    ],
  },
  'N07-asked-own-doctor': {
    title: 'Machtiging gevraagd: {caseNumber}',
    lines: [
      'De werknemer is gevraagd of u voor {caseNumber} medische gegevens mag doorgeven.',
      'Geef niets medisch door voordat de machtiging er is.',
    ],
  },
  'N07-asked-doctor': {
    title: 'Machtiging gevraagd: {caseNumber}',
    lines: ['Voor {caseNumber} is gevraagd of de eigen bedrijfsarts medische gegevens mag doorgeven.'],
  },
  'N07-granted-own-doctor': {
    title: 'Machtiging voor {caseNumber} is gegeven',
    lines: ['De werknemer heeft de machtiging voor {caseNumber} gegeven.', 'U kunt de stukken nu toevoegen.'],
  },
  'N07-granted-doctor': {
    title: 'Machtiging voor {caseNumber} is gegeven',
    lines: ['De werknemer heeft de machtiging voor {caseNumber} gegeven.'],
  },
  'N07-refused-own-doctor': {
    title: 'Machtiging voor {caseNumber} is niet gegeven',
    lines: ['De werknemer heeft de machtiging voor {caseNumber} niet gegeven. U geeft geen medische stukken door.'],
  },
  'N07-refused-doctor': {
    title: 'Machtiging voor {caseNumber} is niet gegeven',
    lines: [
      'De werknemer heeft de machtiging voor {caseNumber} niet gegeven.',
      'U beslist of u verdergaat zonder het dossier, of dat het advies niet uitvoerbaar is.',
    ],
  },
  'N07-refused-employee': {
    title: 'U heeft geen machtiging gegeven',
    lines: ['U heeft voor aanvraag {caseNumber} geen machtiging gegeven. Uw bedrijfsarts geeft niets medisch door.'],
  },
  'N07-withdrawn-own-doctor': {
    title: 'Machtiging voor {caseNumber} is ingetrokken',
    lines: ['De werknemer heeft de machtiging voor {caseNumber} ingetrokken. U geeft geen medische stukken meer door.'],
  },
  'N07-withdrawn-doctor': {
    title: 'Machtiging voor {caseNumber} is ingetrokken',
    lines: [
      'De werknemer heeft de machtiging voor {caseNumber} ingetrokken.',
      'U kunt de medische stukken van de eigen bedrijfsarts niet meer openen. Wat hij over het werk gaf, blijft.',
    ],
  },
  'N07-withdrawn-employee': {
    title: 'U heeft de machtiging ingetrokken',
    lines: ['U heeft de machtiging voor aanvraag {caseNumber} ingetrokken. Er wordt niets meer doorgegeven.'],
  },
  'N07-not-executable-own-doctor': {
    title: 'Aanvraag {caseNumber} kan niet worden uitgevoerd',
    lines: ['Aanvraag {caseNumber} kan niet worden uitgevoerd. Er komt geen advies.'],
  },
  'N07-not-executable-employee': {
    title: 'Uw aanvraag {caseNumber} kan niet worden uitgevoerd',
    lines: [
      'De arts heeft besloten dat aanvraag {caseNumber} niet kan worden uitgevoerd.',
      'Heeft u vragen? Bespreek ze met uw bedrijfsarts.',
    ],
  },
  'N08-document': {
    title: 'Nieuw stuk in {caseNumber}',
    lines: ['In dossier {caseNumber} is een stuk toegevoegd.', 'Soort: {documentKind}. Toegevoegd door: {sender}.'],
  },
  'N09-no-show': {
    title: 'Uw afspraak is niet doorgegaan',
    lines: [
      'U was op {date} niet op de afspraak voor aanvraag {caseNumber}.',
      'U kunt nog één keer een nieuwe afspraak maken. Er kunnen kosten worden berekend aan wie betaalt. Een bewijs van ziekte doet die eenmaal vervallen.',
    ],
  },
  'N09-no-show-final': {
    title: 'Uw afspraak is niet doorgegaan',
    lines: [
      'U was op {date} niet op de afspraak voor aanvraag {caseNumber}.',
      'Dit was de tweede keer. De aanvraag wordt daarom gesloten. Er kunnen kosten worden berekend aan wie betaalt.',
    ],
  },
  'N09-not-held': {
    title: 'Spreekuur voor {caseNumber} is niet gehouden',
    lines: ['Het spreekuur voor aanvraag {caseNumber} is niet gehouden.'],
  },
  'N09-aborted': {
    title: 'Uw afspraak is niet afgerond',
    lines: ['De afspraak voor aanvraag {caseNumber} is niet afgerond.', 'U kunt een nieuwe afspraak maken.'],
  },
  'N09-aborted-final': {
    title: 'Uw afspraak is niet afgerond',
    lines: ['De afspraak voor aanvraag {caseNumber} is niet afgerond.', 'De aanvraag wordt gesloten.'],
  },
  'N09-aborted-not-held': {
    title: 'Spreekuur voor {caseNumber} is niet gehouden',
    lines: ['Het spreekuur voor aanvraag {caseNumber} is niet gehouden.'],
  },
  'N09-rebook': {
    title: 'Kies een nieuwe afspraak',
    lines: [
      'U heeft uw afspraak voor aanvraag {caseNumber} afgezegd en nog geen nieuwe gekozen.',
      'Kies een nieuwe tijd, of trek de aanvraag in. Horen wij niets tot en met {until}, dan kan de aanvraag worden gesloten.',
    ],
  },
  'N09-not-rebooked': {
    title: 'Uw aanvraag {caseNumber} wordt gesloten',
    lines: [
      'U heeft na uw afzegging geen nieuwe afspraak gekozen. Aanvraag {caseNumber} wordt daarom gesloten.',
      'Wilt u alsnog een onderzoek? Dan kunt u met uw bedrijfsarts een nieuwe aanvraag doen.',
    ],
  },
  'N09-not-rebooked-not-held': {
    title: 'Spreekuur voor {caseNumber} is niet gehouden',
    lines: ['Het spreekuur voor aanvraag {caseNumber} is niet gehouden.'],
  },
  'N10-ready': {
    title: 'Uw rapport staat klaar',
    lines: [
      'Het rapport voor aanvraag {caseNumber} staat voor u klaar. Alleen u en de arts die het schreef, kunnen het lezen.',
      'U kunt vragen om feiten te verbeteren. Conclusies van de arts kunt u niet laten wijzigen.',
      'Ook zolang de arts daarop niet heeft geantwoord, kunt u over deze versie beslissen. Komt er een verbeterde versie, dan beslist u daarover opnieuw.',
      'U beslist tot en met {until} of uw eigen bedrijfsarts het rapport krijgt. U kunt toestemming geven of het rapport blokkeren. Beide is goed.',
      'Geeft u geen antwoord, dan krijgt uw bedrijfsarts het rapport niet. U kunt later alsnog toestemming geven.',
      'Blokkeren heeft voor u geen juridische gevolgen. U mag uw rapport altijd zelf bewaren en gebruiken.',
    ],
  },
  'N11-reminder': {
    title: 'U kunt nog beslissen',
    lines: [
      'U kunt tot en met {until} beslissen over het rapport van aanvraag {caseNumber}.',
      'Geeft u geen antwoord, dan wordt het rapport niet vrijgegeven.',
    ],
  },
  'N12-released': {
    title: 'Rapport voor {caseNumber} is vrijgegeven',
    lines: [
      'Het rapport voor aanvraag {caseNumber}, versie {version}, staat voor u klaar.',
      'Leg uiterlijk {until} vast of u het advies overneemt, en leg dat uit aan de werknemer.',
    ],
  },
  'N12-copy': {
    title: 'Uw rapport is vrijgegeven',
    lines: [
      'Met uw toestemming heeft uw bedrijfsarts versie {version} van het rapport voor aanvraag {caseNumber} gekregen.',
    ],
  },
  'N13-ended': {
    title: 'Aanvraag {caseNumber} is afgerond',
    lines: ['Aanvraag {caseNumber} is afgerond. Er wordt geen rapport vrijgegeven.'],
  },
  'N14-due': {
    title: 'Leg uw besluit vast voor {caseNumber}',
    lines: ['Leg uiterlijk {until} vast of u het advies voor aanvraag {caseNumber} overneemt, met uw uitleg.'],
  },
  'N14-recorded': {
    title: 'Uw bedrijfsarts heeft beslist',
    lines: [
      'Uw bedrijfsarts neemt het advies voor aanvraag {caseNumber} {adoption}.',
      'Uitleg van uw bedrijfsarts:',
      '{motivation}',
      'Met u besproken op {day}.',
    ],
  },
  'N14-not-known': {
    title: 'Nog geen besluit van uw bedrijfsarts',
    lines: [
      'Uw bedrijfsarts heeft voor aanvraag {caseNumber} nog niet vastgelegd wat hij met het advies doet.',
      'U kunt hem ernaar vragen.',
      '{complaintRoute}',
    ],
  },
  'N15-invoice': {
    title: 'Factuur {invoiceNumber}',
    lines: [
      'Factuur {invoiceNumber} voor {caseNumber} staat klaar.',
      'Bedrag zonder btw: {net}. Btw: {vat}. Totaal: {total}.',
      'Betaal uiterlijk op {day}.',
    ],
  },
  'N15-credit': {
    title: 'Creditnota {creditNoteNumber}',
    lines: [
      'Creditnota {creditNoteNumber} bij factuur {invoiceNumber} ({caseNumber}) staat klaar.',
      'Totaal: {total}.',
    ],
  },
  'N15-overdue': {
    title: 'Factuur {invoiceNumber} is nog niet betaald',
    lines: [
      'Factuur {invoiceNumber} ({caseNumber}) moest op {day} betaald zijn. Wij hebben de betaling nog niet ontvangen.',
    ],
  },
  ...portalOfficeNl,
  'N23-unreachable': {
    title: 'De werknemer van {caseNumber} reageert niet',
    lines: [
      'Wij hebben de werknemer van aanvraag {caseNumber} drie keer uitgenodigd om in te loggen. Hij heeft niet gereageerd.',
      'Controleer het adres en verbeter het zo nodig, of benader hem zelf. Komt er geen reactie, dan kunt u de aanvraag beëindigen.',
    ],
  },
  'N23-reminder': 'none',
  'N23-invited': 'none',
};
