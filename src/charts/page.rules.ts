/** Pictures are this wide, in units of the picture; a reader's screen scales them. */
export const WIDTH = 720;
export const MARGIN = 24;
/** Sizes of text and the heights of its lines. */
export const LABEL = { size: 16, line: 20 } as const;
export const SMALL = { size: 15, line: 20 } as const;
