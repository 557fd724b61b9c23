#include "promises.h"

#include <mutex>
#include <stdexcept>
#include <utility>

namespace genesis {
namespace {

/// What the thread of MPI needs to reach an environment. An environment may end before its jobs do.
struct Door {
  std::mutex mutex;
  napi_threadsafe_function call = nullptr;
  bool open = true;
};

struct Environment {
  std::shared_ptr<Door> door = std::make_shared<Door>();
  /// Jobs under way, which keep the event loop alive. Of the thread of JavaScript.
  int pending = 0;
};

struct Pending {
  Environment* environment;
  std::unique_ptr<Job> job;
  napi_deferred deferred;
  napi_ref kept;
  Settle settle;
};

napi_value errorOf(napi_env env, const std::string& text) {
  napi_value message;
  napi_value error;
  napi_create_string_utf8(env, text.data(), text.size(), &message);
  napi_create_error(env, nullptr, message, &error);
  return error;
}

void settle(napi_env env, napi_value, void*, void* data) {
  std::unique_ptr<Pending> pending(static_cast<Pending*>(data));
  if (env == nullptr) return;  // the environment is ending
  Environment& environment = *pending->environment;
  if (--environment.pending == 0) napi_unref_threadsafe_function(env, environment.door->call);
  napi_value kept;
  napi_get_reference_value(env, pending->kept, &kept);
  napi_delete_reference(env, pending->kept);
  if (!pending->job->message.empty()) {
    napi_reject_deferred(env, pending->deferred, errorOf(env, pending->job->message));
    return;
  }
  try {
    napi_resolve_deferred(env, pending->deferred, pending->settle(env, *pending->job, kept));
  } catch (const std::exception& error) {
    napi_reject_deferred(env, pending->deferred, errorOf(env, error.what()));
  }
}

void closeDoor(void* data) {
  Environment* environment = static_cast<Environment*>(data);
  std::lock_guard<std::mutex> lock(environment->door->mutex);
  environment->door->open = false;
}

void forget(napi_env, void* data, void*) { delete static_cast<Environment*>(data); }

}  // namespace

bool preparePromises(napi_env env) {
  Environment* environment = new Environment();
  napi_value name;
  napi_create_string_utf8(env, "genesis-mpi", NAPI_AUTO_LENGTH, &name);
  const bool made = napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr, nullptr,
                                                    settle, &environment->door->call) == napi_ok;
  // The hook runs before those of the function, which was made earlier.
  return made && napi_unref_threadsafe_function(env, environment->door->call) == napi_ok &&
         napi_set_instance_data(env, environment, forget, nullptr) == napi_ok &&
         napi_add_env_cleanup_hook(env, closeDoor, environment) == napi_ok;
}

napi_value promiseOf(napi_env env, std::unique_ptr<Job> job, napi_value kept, Settle settleWith) {
  void* data;
  napi_get_instance_data(env, &data);
  Environment* environment = static_cast<Environment*>(data);
  auto pending = std::make_unique<Pending>();
  pending->environment = environment;
  pending->settle = std::move(settleWith);
  napi_value promise;
  napi_create_promise(env, &pending->deferred, &promise);
  napi_create_reference(env, kept, 1, &pending->kept);
  if (environment->pending++ == 0) napi_ref_threadsafe_function(env, environment->door->call);
  // Shared, because a std::function can be copied and a unique pointer cannot.
  auto waiting = std::make_shared<std::unique_ptr<Pending>>(std::move(pending));
  job->done = [door = environment->door, waiting](std::unique_ptr<Job> finished) {
    std::lock_guard<std::mutex> lock(door->mutex);
    if (!door->open) return;
    (*waiting)->job = std::move(finished);
    napi_call_threadsafe_function(door->call, waiting->release(), napi_tsfn_nonblocking);
  };
  Transport::instance().submit(std::move(job));
  return promise;
}

}  // namespace genesis
