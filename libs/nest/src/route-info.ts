/** ROUTE is the metadata key that every route of a context carries: which operation it is. */
export const ROUTE = 'second-opinion:route';

/** CONTEXT is the metadata key of a context's controller: its name. */
export const CONTEXT = 'second-opinion:context';

/** RouteInfo tells which operation a route is; the guard decides by it, and the access test walks all of them. */
export interface RouteInfo {
  readonly kind: 'creates' | 'acts' | 'answers';
  /** operation without the context for commands, with it for readings. */
  readonly operation: string;
  /** recordsDenials: whoever answers puts on record who asked about whom and was denied, so the guard leaves it to him. */
  readonly recordsDenials?: boolean;
}

/** operationOfRoute names the operation of a route as libs/access knows it. */
export function operationOfRoute({ operation }: RouteInfo, context: string | undefined): string {
  return operation.includes('.') ? operation : `${context ?? ''}.${operation}`;
}
