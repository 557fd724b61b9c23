#pragma once

namespace genesis {

/// Keeps this library in the process: a worker that ends unloads the addons that it loaded, but the pool's threads
/// still run their code.
void stayLoaded();

}  // namespace genesis
