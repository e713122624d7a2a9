// Moonshine on a GPU. Every number is computed in the same order whatever else is in the batch, so that a text never depends on
// who it was decoded with: no kernel splits a sum by the size of the batch, and padding takes part in no sum.
//
// Weights stay the bytes of the model file, weight = (byte - zero) * scale with zero and scale for each output; activations are floats.
// A "sequence" is one utterance of an encoder batch; their rows lie packed one after another. A "slot" is the place where an utterance
// keeps its keys, values and tokens while it is decoded; a "row" of the decoder is one active slot.

#include "encoder.cuh"
#include "decoder.cuh"
