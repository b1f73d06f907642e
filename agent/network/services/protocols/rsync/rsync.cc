// rsync's daemon: "@RSYNCD: 31.0".
//
// Sent: nothing.
#include "agent/network/services/protocols/registry.h"
#include "agent/network/services/protocols/replies.h"

namespace assay::agent::services {

namespace {

class Rsync : public LineDialogue {
  Turn take_one(const std::string& line, std::string&) override {
    constexpr std::string_view kBegin = "@RSYNCD: ";
    if (!line.starts_with(kBegin)) return Turn::kForeign;
    facts.protocol = "rsync";
    const auto rest = std::string_view(line).substr(kBegin.size());
    facts.add("protocol", rest.substr(0, rest.find(' ')));
    return Turn::kDone;
  }
};

}  // namespace

std::unique_ptr<Dialogue> make_rsync(const Setting&) {
  return std::make_unique<Rsync>();
}

}  // namespace assay::agent::services
