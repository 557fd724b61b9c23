// The module's functions. They are thin: src/communicator.ts checks what it is given.
#include <node_api.h>

#include <climits>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <utility>

#include "arrays.h"
#include "half.h"
#include "promises.h"
#include "transport.h"

namespace {

using namespace genesis;

/// Of the functions that the module exports; raised together with INTERFACE in src/addon.ts when one changes.
constexpr uint32_t kInterface = 1;

constexpr size_t kMaxArguments = 6;

struct Arguments {
  napi_env env;
  napi_value values[kMaxArguments];

  double number(size_t index) const {
    double value;
    if (napi_get_value_double(env, values[index], &value) != napi_ok) throw std::invalid_argument("a number is needed");
    return value;
  }
  int integer(size_t index) const { return static_cast<int>(number(index)); }
};

using Function = napi_value (*)(const Arguments&);

napi_value undefined(napi_env env) {
  napi_value value;
  napi_get_undefined(env, &value);
  return value;
}

napi_value textOf(napi_env env, const std::string& text) {
  napi_value value;
  napi_create_string_utf8(env, text.data(), text.size(), &value);
  return value;
}

void setNumber(napi_env env, napi_value object, const char* name, double number) {
  napi_value value;
  napi_create_double(env, number, &value);
  napi_set_named_property(env, object, name, value);
}

napi_value objectOf(napi_env env, const Group& group) {
  napi_value object;
  napi_create_object(env, &object);
  setNumber(env, object, "handle", group.handle);
  setNumber(env, object, "rank", group.rank);
  setNumber(env, object, "size", group.size);
  napi_value hosts;
  napi_create_array_with_length(env, group.hosts.size(), &hosts);
  for (uint32_t rank = 0; rank < group.hosts.size(); rank++) {
    napi_set_element(env, hosts, rank, textOf(env, group.hosts[rank]));
  }
  napi_set_named_property(env, object, "hosts", hosts);
  return object;
}

std::unique_ptr<Job> jobOf(const Arguments& call, Kind kind) {
  auto job = std::make_unique<Job>();
  job->kind = kind;
  job->group = call.integer(0);
  return job;
}

/// Copies arrays into a job, as `element`s.
void fill(Job& job, const std::vector<Piece>& pieces, Element element) {
  const size_t size = sizeOf(pieces);
  const size_t width = pieces.empty() || element == Element::kByte ? 1 : widthOf(pieces[0].type);
  if (size / width > INT_MAX) throw std::invalid_argument("a message holds at most 2147483647 elements");
  job.element = element;
  job.count = static_cast<int64_t>(size / width);
  job.memory.resize(size);
  size_t offset = 0;
  for (const Piece& piece : pieces) {
    std::memcpy(job.memory.data() + offset, piece.data, piece.size);
    offset += piece.size;
  }
}

/// Copies a job's result into the arrays that it was filled with.
napi_value empty(napi_env env, Job& job, napi_value list) {
  const std::vector<Piece> pieces = piecesOf(env, list);
  if (sizeOf(pieces) != job.memory.size()) throw std::invalid_argument("an array was transferred while it was reduced");
  size_t offset = 0;
  for (const Piece& piece : pieces) {
    std::memcpy(piece.data, job.memory.data() + offset, piece.size);
    offset += piece.size;
  }
  return undefined(env);
}

Element floatsOf(const std::vector<Piece>& pieces) {
  if (pieces.empty() || pieces[0].type == napi_float32_array) return Element::kFloat32;
  if (pieces[0].type == napi_float64_array) return Element::kFloat64;
  throw std::invalid_argument("a Float32Array or Float64Array is needed");
}

/// () → the library's name and version
napi_value library(const Arguments& call) {
  char text[MPI_MAX_LIBRARY_VERSION_STRING];
  int length = 0;
  MPI_Get_library_version(text, &length);
  // Some libraries count the zero at the end.
  return textOf(call.env, std::string(text));
}

/// () → the group of all ranks, with localRank and localSize; a text that says why there is none
napi_value start(const Arguments& call) {
  Transport& transport = Transport::instance();
  const std::string failure = transport.start();
  if (!failure.empty()) return textOf(call.env, failure);
  napi_value object = objectOf(call.env, transport.world());
  setNumber(call.env, object, "localRank", transport.localRank());
  setNumber(call.env, object, "localSize", transport.localSize());
  return object;
}

/// (group, operation, list) → promise
napi_value allReduce(const Arguments& call) {
  auto job = jobOf(call, Kind::kAllReduce);
  job->operation = static_cast<Operation>(call.integer(1));
  const std::vector<Piece> pieces = piecesOf(call.env, call.values[2]);
  fill(*job, pieces, floatsOf(pieces));
  return promiseOf(call.env, std::move(job), call.values[2], empty);
}

/// (group, list of Float32Array, scale, limit, residual or null) → promise
napi_value allReduceHalf(const Arguments& call) {
  auto job = jobOf(call, Kind::kAllReduce);
  const std::vector<Piece> pieces = piecesOf(call.env, call.values[1]);
  if (floatsOf(pieces) != Element::kFloat32) throw std::invalid_argument("a Float32Array is needed");
  const size_t count = sizeOf(pieces) / sizeof(float);
  if (count > INT_MAX) throw std::invalid_argument("a message holds at most 2147483647 elements");
  const float scale = static_cast<float>(call.number(2));
  const float limit = static_cast<float>(call.number(3));
  float* residual = nullptr;
  napi_valuetype type;
  napi_typeof(call.env, call.values[4], &type);
  if (type == napi_object) {
    const Piece piece = pieceOf(call.env, call.values[4]);
    if (piece.type != napi_float32_array || piece.size != count * sizeof(float)) {
      throw std::invalid_argument("the residual must be a Float32Array as long as all arrays together");
    }
    residual = reinterpret_cast<float*>(piece.data);
  }
  job->element = Element::kFloat16;
  job->count = static_cast<int64_t>(count);
  job->memory.resize(count * sizeof(uint16_t));
  uint16_t* halves = reinterpret_cast<uint16_t*>(job->memory.data());
  for (const Piece& piece : pieces) {
    const size_t length = piece.size / sizeof(float);
    toHalf(reinterpret_cast<float*>(piece.data), length, scale, limit, residual, halves);
    halves += length;
    if (residual) residual += length;
  }
  return promiseOf(call.env, std::move(job), call.values[1], [scale](napi_env env, Job& done, napi_value list) {
    const std::vector<Piece> pieces = piecesOf(env, list);
    if (sizeOf(pieces) != 2 * done.memory.size()) {
      throw std::invalid_argument("an array was transferred while it was reduced");
    }
    const uint16_t* halves = reinterpret_cast<const uint16_t*>(done.memory.data());
    for (const Piece& piece : pieces) {
      const size_t length = piece.size / sizeof(float);
      fromHalf(halves, length, scale, reinterpret_cast<float*>(piece.data));
      halves += length;
    }
    return undefined(env);
  });
}

/// (group, operation, array) → undefined; blocks
napi_value allReduceSync(const Arguments& call) {
  auto job = jobOf(call, Kind::kAllReduce);
  job->operation = static_cast<Operation>(call.integer(1));
  const std::vector<Piece> pieces{pieceOf(call.env, call.values[2])};
  fill(*job, pieces, floatsOf(pieces));
  const std::unique_ptr<Job> done = Transport::instance().run(std::move(job));
  if (!done->message.empty()) throw std::runtime_error(done->message);
  std::memcpy(pieces[0].data, done->memory.data(), pieces[0].size);
  return undefined(call.env);
}

/// (group, root, list) → promise
napi_value broadcast(const Arguments& call) {
  auto job = jobOf(call, Kind::kBroadcast);
  job->root = call.integer(1);
  fill(*job, piecesOf(call.env, call.values[2]), Element::kByte);
  return promiseOf(call.env, std::move(job), call.values[2], empty);
}

/// (group, list of arrays to send, size, list of arrays to receive) → promise
napi_value allGather(const Arguments& call) {
  auto job = jobOf(call, Kind::kAllGather);
  fill(*job, piecesOf(call.env, call.values[1]), Element::kByte);
  job->gathered.resize(job->memory.size() * static_cast<size_t>(call.integer(2)));
  return promiseOf(call.env, std::move(job), call.values[3], [](napi_env env, Job& done, napi_value list) {
    done.memory.swap(done.gathered);
    return empty(env, done, list);
  });
}

/// (group) → promise
napi_value barrier(const Arguments& call) {
  return promiseOf(call.env, jobOf(call, Kind::kBarrier), undefined(call.env),
                   [](napi_env env, Job&, napi_value) { return undefined(env); });
}

/// (group, color, key) → promise of a group
napi_value split(const Arguments& call) {
  auto job = jobOf(call, Kind::kSplit);
  job->color = call.integer(1);
  job->key = call.integer(2);
  return promiseOf(call.env, std::move(job), undefined(call.env),
                   [](napi_env env, Job& done, napi_value) { return objectOf(env, done.made); });
}

/// (exit code) → never
napi_value abort(const Arguments& call) {
  auto job = std::make_unique<Job>();
  job->kind = Kind::kAbort;
  job->color = call.integer(0);
  Transport::instance().run(std::move(job));
  return undefined(call.env);
}

/// (seconds, negative for no limit) → undefined; blocks until all ranks have called it
napi_value finish(const Arguments& call) {
  Transport::instance().finish(call.number(0));
  return undefined(call.env);
}

/// No C++ exception may reach Node: each becomes a JavaScript one.
napi_value invoke(napi_env env, napi_callback_info info) {
  void* data;
  size_t count = kMaxArguments;
  Arguments call{env, {}};
  napi_get_cb_info(env, info, &count, call.values, nullptr, &data);
  try {
    return reinterpret_cast<Function>(data)(call);
  } catch (const std::invalid_argument& error) {
    napi_throw_type_error(env, "invalid-argument", error.what());
  } catch (const std::exception& error) {
    napi_throw_error(env, nullptr, error.what());
  }
  return nullptr;
}

struct Binding {
  const char* name;
  Function function;
};

constexpr Binding kBindings[] = {
    {"library", library},
    {"start", start},
    {"allReduce", allReduce},
    {"allReduceHalf", allReduceHalf},
    {"allReduceSync", allReduceSync},
    {"broadcast", broadcast},
    {"allGather", allGather},
    {"barrier", barrier},
    {"split", split},
    {"abort", abort},
    {"finish", finish},
};

}  // namespace

NAPI_MODULE_INIT() {
  for (const Binding& binding : kBindings) {
    napi_value function;
    if (napi_create_function(env, binding.name, NAPI_AUTO_LENGTH, invoke, reinterpret_cast<void*>(binding.function),
                             &function) != napi_ok ||
        napi_set_named_property(env, exports, binding.name, function) != napi_ok) {
      return nullptr;
    }
  }
  setNumber(env, exports, "interface", kInterface);
  if (!genesis::preparePromises(env)) napi_throw_error(env, nullptr, "The functions of MPI could not be exported");
  return exports;
}
