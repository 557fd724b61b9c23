// Jobs whose end a promise tells.
#pragma once

#include <node_api.h>

#include <functional>
#include <memory>

#include "transport.h"

namespace genesis {

/// Makes the value that the promise resolves to, on the thread of JavaScript; `kept` is what the caller gave. May
/// throw.
using Settle = std::function<napi_value(napi_env env, Job& job, napi_value kept)>;

/// Prepares an environment (the main thread or a worker) for promises; to be called once in each.
bool preparePromises(napi_env env);

/// Submits a job and gives the promise of its end.
napi_value promiseOf(napi_env env, std::unique_ptr<Job> job, napi_value kept, Settle settle);

}  // namespace genesis
