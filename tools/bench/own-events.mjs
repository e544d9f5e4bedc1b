/** isOfCommand: it was appended in answer to a request; neither the history nor what policies did afterwards. */
export function isOfCommand({ stream, metadata }) {
  return metadata.actorRole !== 'system' && !stream.startsWith('records.');
}

/** commandsOf events: how many commands they answer. */
export function commandsOf(events) {
  return new Set(events.map(({ metadata }) => metadata.commandId)).size;
}
