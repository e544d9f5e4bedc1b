import type { LoggerService, LogLevel } from '@nestjs/common';
import { pino, type Logger } from 'pino';
import { STDERR } from './log-lines';

/** STARTING: where Nest tells each module and route of a start, a hundred lines that are the same every time. */
const STARTING: ReadonlySet<unknown> = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer']);

const LEVELS = ['fatal', 'error', 'warn', 'log', 'debug'] as const satisfies readonly LogLevel[];

/** levelsOf Nest that are written at a level of ours, where its `log` is `info`. */
export function levelsOf(level: string): LogLevel[] {
  return LEVELS.slice(0, LEVELS.findIndex((one) => one === (level === 'info' ? 'log' : level)) + 1);
}

/** JsonLog writes Nest's log lines as JSON with ids and codes; objects come as fields, and nothing personal is ever handed to it. */
export class JsonLog implements LoggerService {
  private readonly pino: Logger;

  constructor(level: string) {
    this.pino = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, STDERR);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.write(STARTING.has(rest.at(-1)) ? 'debug' : 'info', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  private write(level: 'error' | 'warn' | 'info' | 'debug', message: unknown, rest: readonly unknown[]): void {
    if (!this.pino.isLevelEnabled(level)) return;
    const context = rest.at(-1);
    const text = rest.length > 1 && typeof rest[0] === 'string' ? rest[0] : undefined;
    const fields = typeof message === 'object' && message !== null ? message : {};
    this.pino[level]({ ...fields, context }, typeof message === 'string' ? message : text);
  }
}
