// Typed arrays of JavaScript as one message: copied in when a job is made, and back when it is done.
#pragma once

#include <node_api.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace genesis {

struct Piece {
  napi_typedarray_type type;
  uint8_t* data;
  /// In bytes.
  size_t size;
};

/// Throws std::invalid_argument for what is no typed array.
Piece pieceOf(napi_env env, napi_value value);

/// The pieces of a JavaScript array of typed arrays, all of one type. Throws std::invalid_argument.
std::vector<Piece> piecesOf(napi_env env, napi_value list);

size_t sizeOf(const std::vector<Piece>& pieces);

/// Bytes of an element.
size_t widthOf(napi_typedarray_type type);

}  // namespace genesis
