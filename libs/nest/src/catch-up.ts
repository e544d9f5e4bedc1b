import type { Logger } from '@nestjs/common';
import type { EventStore } from '@second-opinion/event-store';
import type { Position } from '@second-opinion/kernel';
import type { ViewStore } from '@second-opinion/view-store';
import type { Projected } from './context-definition';
import { allViews } from './deadlines';
import { Ending } from './ending';
import { Led, whileLeased } from './leased';
import { progressNameOf, viewsLease } from './names';
import { Projections, type PassBounds } from './projections';

export { allViews };

/** BOUNDS of a pass where nobody waits for it: a row is written as rarely as memory allows. */
const BOUNDS: PassBounds = { events: 131_072, rows: 16_384, ms: 5_000 };

/** CatchUpPorts are what {@link catchUp} works on, and who it is there. */
export interface CatchUpPorts {
  readonly events: EventStore;
  readonly views: ViewStore;
  /** holder under which it has the lease; another one than that of whoever goes on afterwards. */
  readonly holder: string;
  readonly logger: Pick<Logger, 'warn'>;
}

/**
 * catchUp brings all views of a context to where the log ends now, as a replica that runs nothing else: under the lease of the views, which
 * it gives back. Resolves earlier when the signal aborts; what it wrote until then counts.
 */
export async function catchUp(parts: Projected, ports: CatchUpPorts, signal: AbortSignal): Promise<void> {
  const { events, views, holder, logger } = ports;
  const end = await events.end();
  if (end === undefined) return;
  const there = new Ending(signal);
  const projections = projectionsOf(parts, ports, (position) => {
    if (events.comparePositions(position, end) >= 0) there.end();
  });
  try {
    await projections.declare();
    await whileLeased(views, new Led(viewsLease(parts.name)), holder, logger, there.signal, (lease, mine) =>
      projections.run(lease, mine),
    );
  } finally {
    there.end();
  }
}

/**
 * viewsStart tells where the views of a context have to go on from; undefined: from the beginning of the log. As every start does, it notes
 * for a view that is new how far the others were.
 */
export function viewsStart(
  parts: Projected,
  ports: Pick<CatchUpPorts, 'events' | 'views'>,
): Promise<Position | undefined> {
  return projectionsOf(parts, ports, () => undefined).resume();
}

function projectionsOf(
  parts: Projected,
  { events, views }: Pick<CatchUpPorts, 'events' | 'views'>,
  moved: (position: Position) => void,
): Projections {
  const all = allViews(parts);
  const follower = { progressName: progressNameOf(parts.name, all), moved };
  return new Projections(events, views, all, follower, (work) => work(), { most: BOUNDS });
}
