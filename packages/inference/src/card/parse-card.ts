import { InferenceError } from '../errors.js';
import { schemeNames } from '../preprocessing/choose-scheme.js';
import type { Preparation } from '../preprocessing/prepare-volume.js';
import type { CardBase, ModelCard, NetworkConfig, TrainingProfile } from './api.js';
import { CardFields } from './fields.js';
import { fromVersion0 } from './from-version-0.js';
import { findModelKind } from './registry.js';

/** The newest version of the card's format, which is the one that is written. */
export const CARD_VERSION = 1;

/**
 * Checks a card as it comes out of JSON; cards of earlier versions are brought to the newest. Fields that are not known
 * are left out.
 *
 * @throws InferenceError 'bad-card' with the field's path, 'newer-card', 'unknown-kind'.
 */
export function parseModelCard(value: unknown): ModelCard {
  const fields = currentFields(value);
  const kind = fields.text('kind');
  return findModelKind(kind).parse(parseBase(fields, kind), fields);
}

/**
 * The network that a card describes, whatever its kind.
 *
 * @throws InferenceError 'bad-card' or 'newer-card'.
 */
export function parseNetwork(value: unknown): NetworkConfig {
  return networkOf(currentFields(value));
}

function currentFields(value: unknown): CardFields {
  const fields = CardFields.of(value);
  const version = fields.has('version') ? fields.integer('version', 0) : 0;
  if (version > CARD_VERSION) {
    throw new InferenceError(
      'newer-card',
      `the model card has version ${version}, but this program knows versions up to ${CARD_VERSION}: update it`,
      { field: 'version' },
    );
  }
  return version === 0 ? fields.map(fromVersion0) : fields;
}

function parseBase(fields: CardFields, kind: string): CardBase {
  return {
    version: CARD_VERSION,
    kind,
    network: networkOf(fields),
    crop: fields.sides('crop', true),
    preparation: preparationOf(fields.object('preparation')),
    ...(fields.has('training') ? { training: trainingOf(fields.object('training')) } : {}),
  };
}

function trainingOf(fields: CardFields): TrainingProfile {
  return {
    least: fields.sides('least'),
    median: fields.sides('median'),
    most: fields.sides('most'),
    modalities: fields.texts('modalities'),
  };
}

function networkOf(card: CardFields): NetworkConfig {
  const fields = card.object('network');
  return {
    width: fields.integer('width', 1),
    levels: fields.integer('levels', 1),
    activation: fields.oneOf('activation', ['relu', 'leakyRelu', 'elu']),
    norm: fields.oneOf('norm', ['batch', 'batchRunning', 'instance', 'group']),
    upsampling: fields.oneOf('upsampling', ['transposed', 'repeat']),
    variant: fields.oneOf('variant', ['pytorch', 'keras']),
    // Left out of cards that say nothing of them, so that those stay what they are.
    ...(fields.has('architecture') ? { architecture: architectureOf(fields) } : {}),
    ...(fields.has('skips') ? { skips: fields.boolean('skips') } : {}),
  };
}

function architectureOf(fields: CardFields): 'unet' | 'residual' {
  return fields.oneOf('architecture', ['unet', 'residual']);
}

function preparationOf(fields: CardFields): Preparation {
  const orientation = fields.text('orientation');
  if (orientation !== 'native' && !isOrientation(orientation)) {
    throw fields.bad('orientation', "'native' or one letter each of R/L, A/P and S/I, such as RAS");
  }
  return {
    orientation,
    spacing: fields.has('spacing') ? fields.sides('spacing') : undefined,
    normalization: fields.oneOf('normalization', schemeNames),
    nonFinite: fields.oneOf('nonFinite', ['error', 'zero']),
    ...channelsOf(fields),
  };
}

/** What the card says of channels; those of one channel without name say nothing. */
function channelsOf(
  fields: CardFields,
): Pick<Preparation, 'channels' | 'allowMissing' | 'resampleChannels'> {
  if (!fields.has('channels')) return {};
  return {
    channels: fields.objects('channels', 1).map((one) => ({
      name: one.text('name'),
      normalization: one.oneOf('normalization', schemeNames),
    })),
    allowMissing: fields.flag('allowMissing'),
    resampleChannels: fields.flag('resampleChannels'),
  };
}

function isOrientation(code: string): boolean {
  return (
    code.length === 3 && ['RL', 'AP', 'SI'].every((pair) => new RegExp(`[${pair}]`).test(code))
  );
}
