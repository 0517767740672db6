import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
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

/**
 * Metrics that keep nothing themselves: what they show is read at each scrape from where it is
 * counted, so that counting costs nothing but a number that grows.
 */
export class CollectedMetrics {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  counter({ name, help, labelNames = [], collect }: Description<ValueSample>): void {
    new Counter({
      name,
      help,
      labelNames,
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const [value, labels = {}] of collect()) this.inc(labels, value);
      },
    });
  }

  gauge({ name, help, labelNames = [], collect }: Description<ValueSample>): void {
    new Gauge({
      name,
      help,
      labelNames,
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const [value, labels = {}] of collect()) this.set(labels, value);
      },
    });
  }

  /** In seconds, whatever it was counted in. */
  histogram({ name, help, labelNames = [], collect }: Description<HistogramSample>): void {
    const metric = new CollectedHistogram({ name, help, labelNames, registers: [] });
    metric.samples = collect;
    this.#registry.registerMetric(metric);
  }
}

/** A histogram whose counts are handed over whole: prom-client's own takes one duration at a time. */
class CollectedHistogram extends Histogram {
  declare readonly name: string;
  declare readonly help: string;
  samples: () => Iterable<HistogramSample> = () => [];

  /** What the registry asks for when it writes text. */
  async getForPromString() {
    const values = [...this.samples()].flatMap(([histogram, labels = {}]) =>
      histogramValues(this.name, histogram, labels),
    );
    return { name: this.name, help: this.help, type: 'histogram', values };
  }
}

function histogramValues(name: string, histogram: DurationHistogram, labels: Labels) {
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
