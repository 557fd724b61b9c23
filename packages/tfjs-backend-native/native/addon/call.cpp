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
