/** Numbers, alerts and dashboards: what Prometheus and Grafana ask for, and what services give. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { CONTEXTS } from '../../infra/rights.mjs';
import { read } from './repository.mjs';

const DASHBOARD = 'infra/grafana/dashboards/services.json';

/** NUMBERS that services give of themselves, each with the labels by which it is asked for, those of Prometheus among them. */
const NUMBERS = new Map(
  [
    ...read('libs/service/src/metrics.controller.ts').matchAll(/new (Counter|Gauge|Histogram)\(\{(.+?)\n {2}\}\);/gs),
  ].map(([, kind, said]) => {
    const labels = /labelNames: \[(.*)\]/.exec(said)?.[1].match(/\w+/g) ?? [];
    return [
      /name: '(\w+)'/.exec(said)[1],
      ['service', 'instance', 'job', ...labels, ...(kind === 'Histogram' ? ['le'] : [])],
    ];
  }),
);
const numberOf = (asked) => (NUMBERS.has(asked) ? asked : asked.replace(/_(count|sum|bucket)$/, ''));

test('Prometheus asks where the services give their numbers, and the gateway passes nobody on to there', () => {
  const [, port] = /^ {2}METRICS_PORT: '(\d+)'$/m.exec(read('docker-compose.yml')) ?? [];
  const [, asked] = /^ +port: (\d+)$/m.exec(read('infra/prometheus/prometheus.yml')) ?? [];
  assert.equal(asked, port);
  const passed = [...read('infra/gateway/nginx.conf').matchAll(/http:\/\/\$\w+:(\d+)/g)].map(([, to]) => to);
  assert.deepEqual([...new Set(passed)], ['3000']);
  assert.doesNotMatch(read('docker-compose.yml'), new RegExp(`ports:.*${port}`));
});

test('a service that is stopped, which no name leads to any more, is missed by its own name', () => {
  const [, away] = /alert: ServiceAway\n((?: {8}.*\n)+)/.exec(read('infra/prometheus/alerts.yml')) ?? [];
  for (const context of CONTEXTS)
    assert.ok(away.includes(`or absent(up{job="services", service="${context}"})\n`), context);
});

test('every number that an alert or a dashboard asks for is one that a service gives, by labels that it has', async () => {
  const ofProcess = new Registry();
  collectDefaultMetrics({ register: ofProcess });
  const others = new Set(ofProcess.getMetricsAsArray().map(({ name }) => name));
  const { panels } = JSON.parse(read(DASHBOARD));
  const shown = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  const alerts = read('infra/prometheus/alerts.yml').split('- alert: ').slice(1);
  for (const asking of [...shown, ...alerts])
    for (const [, asked, selected] of asking.matchAll(/\b((?:second_opinion|process|nodejs)_\w+)(?:\{([^}]*)\})?/g)) {
      if (others.has(asked)) continue;
      const has = NUMBERS.get(numberOf(asked));
      assert.ok(has, `${asked} in ${asking}`);
      const by = [...asking.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, names]) => names.split(', '));
      const labels = [...(selected ?? '').matchAll(/(\w+)(?==|!)/g)].map(([, name]) => name);
      for (const label of [...by, ...labels]) assert.ok(has.includes(label), `${label} of ${asked} in ${asking}`);
    }
});

test('every number that services give of themselves is shown', () => {
  const shown = new Set(
    read(DASHBOARD)
      .match(/second_opinion_\w+/g)
      .map(numberOf),
  );
  assert.deepEqual(
    [...NUMBERS.keys()].filter((name) => !shown.has(name)),
    [],
  );
  assert.ok(NUMBERS.size > 9);
});

test('an alert is there for everything that the services say goes wrong', () => {
  const alerts = read('infra/prometheus/alerts.yml');
  for (const state of [
    'second_opinion_engine_away{engine!="kafka"}',
    'second_opinion_engine_away{engine="kafka"}',
    'second_opinion_write_refused',
    'second_opinion_follower_leading',
    'second_opinion_follower_state{state="stalled"}',
    'second_opinion_follower_state{state="behind"}',
    'second_opinion_group_state{state="away"}',
    'second_opinion_group_state{state="stalled"}',
    'second_opinion_parked_messages',
    'second_opinion_certificate_end_seconds',
    'second_opinion_certificate_begin_seconds',
    'second_opinion_identity_provider_away_seconds',
    'second_opinion_log_lines_lost_total',
  ])
    assert.ok(alerts.includes(state), state);
});
