export { deliveryProviders, type DeliverySettings } from './delivery-providers';
export {
  MailTransport,
  Sending,
  SmsTransport,
  type OutgoingMail,
  type OutgoingSms,
  type Outcome,
} from './mail-transport';
export { NotificationModule } from './notification.module';
