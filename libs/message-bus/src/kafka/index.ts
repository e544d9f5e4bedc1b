export { KafkaMessageBus, type KafkaMessageBusOptions } from './kafka-message-bus';
export { TopicsUnfit } from './partitions';
export { PARKED_VIEW } from './parked-rows';
export type { KafkaSettings, Pace } from './settings';
export { declareTopics, type TopicOptions } from './topics';
