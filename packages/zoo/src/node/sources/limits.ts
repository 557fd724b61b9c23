/** Bytes of a card at most. */
export const MOST_OF_A_CARD = 4e6;

/** Bytes of a file at most: weights of the largest networks that this library builds have fewer. */
export const MOST_OF_A_FILE = 2e9;
