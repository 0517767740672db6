/** One family of the text format of Prometheus 0.0.4, as a scraper reads it. */
export interface Family {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const samplePattern = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const labelPattern = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/y;

/** Reads a scraped text and throws at whatever a scraper or `promtool check metrics` would refuse. */
export function parseExposition(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const families = new Map<string, Family & { samples: Sample[] }>();
  const series = new Set<string>();
  let help = '';
  let current: (Family & { samples: Sample[] }) | undefined;
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    if (line.startsWith('# HELP ')) {
      help = line.slice('# HELP '.length);
      continue;
    }
    const type = /^# TYPE (\S+) (counter|gauge|histogram|summary|untyped)$/.exec(line);
    if (type) {
      const [, name = '', kind = ''] = type;
      if (!help.startsWith(`${name} `)) throw new Error(`no help for ${name}`);
      if (families.has(name)) throw new Error(`${name} comes twice`);
      current = { name, type: kind, help: help.slice(name.length + 1), samples: [] };
      families.set(name, current);
      continue;
    }
    if (line.startsWith('#')) throw new Error(`not understood: ${line}`);
    const sample = readSample(line);
    if (!current || !belongsTo(current, sample.name)) throw new Error(`stray sample: ${line}`);
    const key = `${sample.name}${JSON.stringify(Object.entries(sample.labels).sort())}`;
    if (series.has(key)) throw new Error(`the series comes twice: ${line}`);
    series.add(key);
    current.samples.push(sample);
  }
  for (const family of families.values()) checkFamily(family);
  return families;
}

function readSample(line: string): Sample {
  const [, name = '', labelText = '', valueText = ''] = samplePattern.exec(line) ?? [];
  const value = valueText === '+Inf' ? Number.POSITIVE_INFINITY : Number(valueText);
  if (name === '' || valueText === '' || Number.isNaN(value)) throw new Error(`no sample: ${line}`);
  const labels: Record<string, string> = {};
  labelPattern.lastIndex = 0;
  while (labelPattern.lastIndex < labelText.length) {
    const [, label = '', text = ''] = labelPattern.exec(labelText) ?? [];
    if (label === '' || Object.hasOwn(labels, label)) throw new Error(`wrong labels: ${line}`);
    labels[label] = text.replace(/\\(.)/g, (_, escaped) => (escaped === 'n' ? '\n' : escaped));
  }
  return { name, labels, value };
}

function belongsTo({ name, type }: Family, sample: string): boolean {
  if (type !== 'histogram') return sample === name;
  return [`${name}_bucket`, `${name}_sum`, `${name}_count`].includes(sample);
}

function checkFamily(family: Family): void {
  const { name, type, samples, help } = family;
  if (help.trim() === '') throw new Error(`${name} has no help`);
  if ((type === 'counter') !== name.endsWith('_total')) throw new Error(`${name} is a ${type}`);
  if (/_(ms|millis|milliseconds|minutes|kb|mb|percent)(_|$)/.test(name))
    throw new Error(`${name} is in no base unit`);
  if (type === 'counter' && samples.some(({ value }) => value < 0))
    throw new Error(`${name} is negative`);
  if (type === 'histogram') checkHistogram(family);
}

function checkHistogram({ name, samples }: Family): void {
  const bySeries = Object.groupBy(samples, ({ labels: { le: _, ...labels } }) =>
    JSON.stringify(labels),
  );
  for (const [labels, group = []] of Object.entries(bySeries)) {
    const buckets = group.filter((sample) => sample.name === `${name}_bucket`);
    const bounds = buckets.map(({ labels: { le } }) => (le === '+Inf' ? Infinity : Number(le)));
    const isAscending = bounds.every((bound, at) => at === 0 || bound > (bounds[at - 1] ?? bound));
    const isCumulative = buckets.every(
      ({ value }, at) => at === 0 || value >= (buckets[at - 1]?.value ?? 0),
    );
    const count = group.find((sample) => sample.name === `${name}_count`)?.value;
    const hasSum = group.some((sample) => sample.name === `${name}_sum`);
    const isWhole = bounds.at(-1) === Infinity && buckets.at(-1)?.value === count;
    if (!(isAscending && isCumulative && hasSum && isWhole))
      throw new Error(`the histogram ${name}${labels} does not add up`);
  }
}
