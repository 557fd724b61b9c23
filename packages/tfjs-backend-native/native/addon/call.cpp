#include "addon/call.h"

#include <stdexcept>

namespace genesis {

namespace {

[[noreturn]] void refuse(int index, const std::string& problem) {
  throw std::invalid_argument("Argument " + std::to_string(index) + " of a native kernel " + problem);
}

void need(napi_status status, int index, const char* problem) {
  if (status != napi_ok) refuse(index, problem);
}

void checkLength(int index, size_t found, int64_t expected) {
  if (static_cast<int64_t>(found) != expected) {
    refuse(index, "has " + std::to_string(found) + " elements, its shape needs " + std::to_string(expected));
  }
}

}  // namespace

Call::Call(napi_env env, napi_callback_info info) : env_(env) {
  size_t count = kMaxArguments;
  if (napi_get_cb_info(env, info, &count, arguments_, nullptr, nullptr) != napi_ok) {
    throw std::invalid_argument("The arguments of a native kernel cannot be read");
  }
}

void* Call::array(int index, napi_typedarray_type type, const char* name, size_t* length) const {
  napi_typedarray_type found;
  void* data;
  if (napi_get_typedarray_info(env_, arguments_[index], &found, length, &data, nullptr, nullptr) != napi_ok ||
      found != type) {
    refuse(index, std::string("is not a ") + name);
  }
  return data;
}

float* Call::floats(int index, int64_t length) const {
  size_t found;
  void* data = array(index, napi_float32_array, "Float32Array", &found);
  checkLength(index, found, length);
  return static_cast<float*>(data);
}

float* Call::floats(int index, int64_t* length) const {
  size_t found;
  void* data = array(index, napi_float32_array, "Float32Array", &found);
  *length = static_cast<int64_t>(found);
  return static_cast<float*>(data);
}

template <typename T>
Channels<T> Call::channelsOf(int index, int64_t voxels, int64_t channels) const {
  bool list;
  need(napi_is_array(env_, arguments_[index], &list), index, "cannot be read");
  if (!list) return {1, {floats(index, voxels * channels)}, {channels}};
  uint32_t count;
  need(napi_get_array_length(env_, arguments_[index], &count), index, "cannot be read");
  if (count != 2) refuse(index, "is a list of other than two arrays");
  Channels<T> parts{2, {}, {}};
  for (uint32_t i = 0; i < 2; ++i) {
    napi_value element;
    napi_typedarray_type type;
    size_t length;
    void* data;
    if (napi_get_element(env_, arguments_[index], i, &element) != napi_ok ||
        napi_get_typedarray_info(env_, element, &type, &length, &data, nullptr, nullptr) != napi_ok ||
        type != napi_float32_array) {
      refuse(index, "is not a list of Float32Arrays");
    }
    if (voxels < 1 || static_cast<int64_t>(length) % voxels != 0) refuse(index, "has an array with parts of voxels");
    parts.data[i] = static_cast<float*>(data);
    parts.channels[i] = static_cast<int64_t>(length) / voxels;
  }
  if (parts.channels[0] + parts.channels[1] != channels) refuse(index, "has another number of channels");
  if (parts.channels[0] % kJoinUnit != 0) refuse(index, "is split within a vector");
  return parts;
}

Source Call::source(int index, int64_t voxels, int64_t channels) const {
  return channelsOf<const float>(index, voxels, channels);
}
Target Call::target(int index, int64_t voxels, int64_t channels) const {
  return channelsOf<float>(index, voxels, channels);
}

float* Call::floatsOrNull(int index, int64_t length) const { return isNull(index) ? nullptr : floats(index, length); }

int32_t* Call::ints(int index, int64_t length) const {
  size_t found;
  void* data = array(index, napi_int32_array, "Int32Array", &found);
  checkLength(index, found, length);
  return static_cast<int32_t*>(data);
}

int32_t* Call::ints(int index, int64_t* length) const {
  size_t found;
  void* data = array(index, napi_int32_array, "Int32Array", &found);
  *length = static_cast<int64_t>(found);
  return static_cast<int32_t*>(data);
}

uint8_t* Call::bytes(int index, int64_t length) const {
  size_t found;
  void* data = array(index, napi_uint8_array, "Uint8Array", &found);
  checkLength(index, found, length);
  return static_cast<uint8_t*>(data);
}

const int32_t* Call::sizes(int index, int64_t length) const {
  const int32_t* data = ints(index, length);
  for (int64_t i = 0; i < length; ++i) {
    if (data[i] < 0) refuse(index, "holds a negative size");
  }
  return data;
}

double Call::number(int index) const {
  double value;
  need(napi_get_value_double(env_, arguments_[index], &value), index, "is not a number");
  return value;
}

int64_t Call::integer(int index) const {
  int64_t value;
  need(napi_get_value_int64(env_, arguments_[index], &value), index, "is not a number");
  return value;
}

bool Call::boolean(int index) const {
  bool value;
  need(napi_get_value_bool(env_, arguments_[index], &value), index, "is not a boolean");
  return value;
}

std::string Call::text(int index) const {
  char buffer[64];
  size_t length;
  need(napi_get_value_string_utf8(env_, arguments_[index], buffer, sizeof(buffer), &length), index, "is not a string");
  return std::string(buffer, length);
}

napi_value Call::value(int index) const { return arguments_[index]; }

bool Call::isNull(int index) const {
  napi_valuetype type;
  need(napi_typeof(env_, arguments_[index], &type), index, "cannot be read");
  return type == napi_null || type == napi_undefined;
}

void Call::resultNumber(double value) { napi_create_double(env_, value, &result_); }
void Call::resultText(const char* value) { napi_create_string_utf8(env_, value, NAPI_AUTO_LENGTH, &result_); }
void Call::resultBoolean(bool value) { napi_get_boolean(env_, value, &result_); }

}  // namespace genesis
