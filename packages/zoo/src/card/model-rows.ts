/** A name and what is to be said of it. */
export type Row = readonly [name: string, value: string];

/**
 * What the model card of a weight file says, for people: kind, network, input, preparation, channels, classes. Fields of kinds that are
 * registered elsewhere are left out.
 *
 * @param model - A model card of `@genesis/inference`.
 */
export function modelRows(model: Readonly<Record<string, unknown>>): Row[] {
  const rows: Row[] = [];
  const add = (name: string, value: string | undefined): void => {
    if (value !== undefined && value !== '') rows.push([name, value]);
  };
  const preparation = fieldsOf(model.preparation);
  add('kind', text(model.kind));
  add('network', networkText(fieldsOf(model.network)));
  add('input', sides(model.crop, 'voxels'));
  add('spacing', sides(preparation.spacing, 'mm') ?? 'of the scans (not resampled)');
  add('orientation', text(preparation.orientation));
  const channels = namesOf(preparation.channels, ({ name }) => text(name));
  add('channels', channels === '' ? '1' : channels);
  add(
    'classes',
    namesOf(model.classes, ({ value, name }) => `${text(value)} ${text(name)}`),
  );
  add(
    'tells',
    namesOf(model.labels, ({ name, size }) => `${text(name)} (${text(size)})`),
  );
  return rows;
}

/** 'U-Net, width 16, 4 levels, batch norm, relu' */
function networkText(network: Readonly<Record<string, unknown>>): string {
  const parts = [
    network.architecture === 'residual' ? 'residual U-Net' : 'U-Net',
    `width ${text(network.width)}`,
    `${text(network.levels)} levels`,
    `${text(network.norm)} norm`,
    text(network.activation),
  ];
  if (network.skips === false) parts.push('without skip connections');
  return parts.join(', ');
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '?';
}

function sides(value: unknown, unit: string): string | undefined {
  return Array.isArray(value) ? `${value.map(text).join(' × ')} ${unit}` : undefined;
}

function namesOf(value: unknown, name: (one: Readonly<Record<string, unknown>>) => string): string {
  return Array.isArray(value) ? value.map((one) => name(fieldsOf(one))).join(', ') : '';
}
