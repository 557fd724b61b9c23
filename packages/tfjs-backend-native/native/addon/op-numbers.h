// The numbers that operations have in calls of the addon, by name.
#pragma once

#include <node_api.h>

namespace genesis {

/// Adds unaryOps, binaryOps, compareOps, reduceOps and activations to the module: objects { name: number }, so that
/// callers need not know in which order an enumeration lists its members. False when Node refuses.
bool addOpNumbers(napi_env env, napi_value exports);

}  // namespace genesis
