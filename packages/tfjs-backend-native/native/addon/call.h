// Reading the arguments of a call from JavaScript. Every array's length is checked against what its
// kernel will touch, so that a wrong shape is an exception and not memory corruption.
#pragma once

#include <node_api.h>

#include <cstdint>
#include <string>

#include "conv/channels.h"

namespace genesis {

class Call {
 public:
  Call(napi_env env, napi_callback_info info);

  napi_env env() const { return env_; }

  /// Float32Array of exactly `length` elements.
  float* floats(int index, int64_t length) const;
  /// A Float32Array of the channels of all voxels, or a list of two that have some of them each.
  Source source(int index, int64_t voxels, int64_t channels) const;
  Target target(int index, int64_t voxels, int64_t channels) const;
  /// As floats(), or null where JavaScript passed null or undefined.
  float* floatsOrNull(int index, int64_t length) const;
  /// Float32Array of any length.
  float* floats(int index, int64_t* length) const;
  int32_t* ints(int index, int64_t length) const;
  int32_t* ints(int index, int64_t* length) const;
  uint8_t* bytes(int index, int64_t length) const;
  /// Int32Array of exactly `length` elements, none negative.
  const int32_t* sizes(int index, int64_t length) const;

  double number(int index) const;
  int64_t integer(int index) const;
  bool boolean(int index) const;
  std::string text(int index) const;
  napi_value value(int index) const;
  bool isNull(int index) const;

  void result(napi_value value) { result_ = value; }
  void resultNumber(double value);
  void resultText(const char* value);
  void resultBoolean(bool value);
  napi_value result() const { return result_; }

 private:
  template <typename T>
  Channels<T> channelsOf(int index, int64_t voxels, int64_t channels) const;
  void* array(int index, napi_typedarray_type type, const char* name, size_t* length) const;

  static constexpr size_t kMaxArguments = 20;
  napi_env env_;
  napi_value arguments_[kMaxArguments];
  napi_value result_ = nullptr;
};

using Function = void (*)(Call&);
struct Binding {
  const char* name;
  Function function;
};
/// Ends with a null name.
extern const Binding settingsBindings[];
extern const Binding memoryBindings[];
extern const Binding convBindings[];
extern const Binding networkBindings[];
extern const Binding elementwiseBindings[];

}  // namespace genesis
