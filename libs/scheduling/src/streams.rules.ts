/** caseIdOf gives the case of an appointment's stream. */
export const caseIdOf = (stream: string): string => stream.slice(stream.indexOf('-') + 1);

/** dateOf gives the date of a wall-clock time: the day in whose agenda a slot stands. */
export const dateOf = (local: string): string => local.slice(0, 10);
