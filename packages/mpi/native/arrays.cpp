#include "arrays.h"

#include <stdexcept>

namespace genesis {

size_t widthOf(napi_typedarray_type type) {
  switch (type) {
    case napi_float64_array:
    case napi_bigint64_array:
    case napi_biguint64_array: return 8;
    case napi_float32_array:
    case napi_int32_array:
    case napi_uint32_array: return 4;
    case napi_int16_array:
    case napi_uint16_array: return 2;
    default: return 1;
  }
}

Piece pieceOf(napi_env env, napi_value value) {
  Piece piece;
  size_t length;
  void* data;
  if (napi_get_typedarray_info(env, value, &piece.type, &length, &data, nullptr, nullptr) != napi_ok) {
    throw std::invalid_argument("a typed array is needed");
  }
  piece.data = static_cast<uint8_t*>(data);
  piece.size = length * widthOf(piece.type);
  return piece;
}

std::vector<Piece> piecesOf(napi_env env, napi_value list) {
  uint32_t count;
  if (napi_get_array_length(env, list, &count) != napi_ok) throw std::invalid_argument("a list of arrays is needed");
  std::vector<Piece> pieces;
  for (uint32_t n = 0; n < count; n++) {
    napi_value value;
    napi_get_element(env, list, n, &value);
    pieces.push_back(pieceOf(env, value));
    if (pieces[n].type != pieces[0].type) throw std::invalid_argument("the arrays of a list must be of one type");
  }
  return pieces;
}

size_t sizeOf(const std::vector<Piece>& pieces) {
  size_t size = 0;
  for (const Piece& piece : pieces) size += piece.size;
  return size;
}

}  // namespace genesis
