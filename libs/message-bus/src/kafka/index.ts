export { KafkaMessageBus, type KafkaMessageBusOptions } from './kafka-message-bus';
export type { KafkaSettings, Pace } from './settings';
export { declareTopics, type TopicOptions } from './topics';
