// assay content pack, verify: content that is carried into a closed network.
#pragma once

namespace CLI {
class App;
}

namespace assay::cli {

struct Session;

// Both, below `assay content`.
void add_content_bundle_commands(CLI::App& group, Session& session);

}  // namespace assay::cli
