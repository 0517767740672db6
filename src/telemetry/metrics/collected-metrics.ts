import { Counter, Gauge, Histogram, type Metric, type Registry } from 'prom-client';
import type { DurationHistogram } from './duration-histogram.ts';

type Labels = Record<string, string>;

interface Description<Sample> {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
  /** Asked at each scrape for all that the metric has to say. */
  readonly collect: () => Iterable<Sample>;
}

export type ValueSample = readonly [value: number, labels?: Labels];
export type HistogramSample = readonly [histogram: DurationHistogram, labels?: Labels];

interface MetricValue {
  readonly metricName?: string;
  readonly labels: Labels;
  readonly value: number;
}

/**
 * Metrics that keep nothing themselves: what they show is read at each scrape from where it is
 * counted, so that counting costs nothing but a number that grows. The values are handed over
 * whole: setting them one by one takes three times as long, and the daemon stands still meanwhile.
 */
export class CollectedMetrics {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  counter({ collect, ...description }: Description<ValueSample>): void {
    this.#register(new Counter({ ...settings(description), registers: [] }), () => [
      ...values(collect()),
    ]);
  }

  gauge({ collect, ...description }: Description<ValueSample>): void {
    this.#register(new Gauge({ ...settings(description), registers: [] }), () => [
      ...values(collect()),
    ]);
  }

  /** In seconds, whatever it was counted in. */
  histogram({ collect, ...description }: Description<HistogramSample>): void {
    this.#register(new Histogram({ ...settings(description), registers: [] }), () =>
      [...collect()].flatMap(([histogram, labels = {}]) =>
        histogramValues(description.name, histogram, labels),
      ),
    );
  }

  /** `getForPromString` is what the registry asks a histogram for, `get` all others. */
  #register(metric: Metric, collect: () => MetricValue[]): void {
    const { name, help, type } = metric as unknown as { name: string; help: string; type: string };
    const get = async () => ({ name, help, type, values: collect() });
    this.#registry.registerMetric(Object.assign(metric, { get, getForPromString: get }) as Metric);
  }
}

function settings({ name, help, labelNames = [] }: Omit<Description<unknown>, 'collect'>) {
  return { name, help, labelNames };
}

function* values(samples: Iterable<ValueSample>): Generator<MetricValue> {
  for (const [value, labels = {}] of samples) yield { value, labels };
}

function histogramValues(
  name: string,
  histogram: DurationHistogram,
  labels: Labels,
): readonly MetricValue[] {
  const { boundsMs, counts, sumMs } = histogram;
  let total = 0;
  const buckets = [...counts].map((count, index) => {
    total += count;
    const boundMs = boundsMs[index];
    const le = boundMs === undefined ? '+Inf' : String(boundMs / 1000);
    return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: total };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sumMs / 1000 },
    { metricName: `${name}_count`, labels, value: total },
  ];
}
