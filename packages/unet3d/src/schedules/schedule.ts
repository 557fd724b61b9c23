/** Learning rate as a function of the number of steps (or epochs) done, from 0. */
export type Schedule = (step: number) => number;
