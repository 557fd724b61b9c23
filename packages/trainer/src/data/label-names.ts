/** Last words of names that say that a file is a label map. */
const LABEL_WORD = /^(labels?|lbl|seg|segmentations?|masks?|gt|ground[-_]?truth)$/i;
/** Folders that hold label maps: labels, labelsTr, masks, … */
const LABEL_FOLDER = /^(labels?(tr|ts|val)?|segmentations?|masks?|gt|ground[-_]?truths?)$/i;
/** Last words that say what kind of image a file is. */
const IMAGE_WORD = /^(0000|images?|img|ct|mr)$/i;
const WORDS = /^(.+)[-_. ]([^-_. ]+)$/;

/**
 * The key without a last word that says what a file is, not whose it is: 'case7_0000' and 'case7-label' are both 'case7'.
 * Only whole words count, so that 'Patient_10000' and 'subject' stay as they are.
 */
export function baseKey(key: string): string {
  // Words that are joined themselves come first.
  const joined = /^(.+)[-_. ]ground[-_]truth$/i.exec(key);
  if (joined) return joined[1];
  const words = WORDS.exec(key);
  if (!words || words[1].endsWith('/')) return key;
  return LABEL_WORD.test(words[2]) || IMAGE_WORD.test(words[2]) ? words[1] : key;
}

/** Whether name or folder say that this is a label map. */
export function isLabelKey(key: string): boolean {
  const parts = key.split('/');
  const name = parts[parts.length - 1];
  if (parts.slice(0, -1).some((folder) => LABEL_FOLDER.test(folder))) return true;
  const last = WORDS.exec(name)?.[2] ?? name;
  return LABEL_WORD.test(last) || /[-_. ]ground[-_]truth$/i.test(name);
}
