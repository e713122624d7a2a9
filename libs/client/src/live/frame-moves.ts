/** Frames from number `from` on were given the numbers from `to` on: the session had gone on elsewhere. */
export interface FrameMove {
  from: number;
  to: number;
}

/**
 * Of the moves that the commands have made those that the spool has not: the page died in between, or there was no room. A spool that has made one begins at its `to`, or
 * later; before that it began at its `from` at most.
 */
export function lateMoves(moves: readonly FrameMove[], spool: { first: number; next: number }): FrameMove[] {
  let { next } = spool;
  return moves
    .filter(({ to }) => to > spool.first)
    .map(({ from: counted, to }) => {
      // Of what there was no room for, the spool has less than was counted.
      const from = Math.min(counted, next);
      next += to - from;
      return { from, to };
    });
}
