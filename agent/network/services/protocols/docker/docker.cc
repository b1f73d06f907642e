// Docker's and Podman's API: HEAD /_ping tells its version to whoever may use it, and all else as
// well: who reaches the API is root of that machine.
#include "agent/network/services/protocols/http/application.h"
#include "agent/network/services/protocols/product.h"

namespace assay::agent::services {

namespace {

bool take_ping(const HttpAnswer& answer, Facts* facts) {
  const auto version = answer.field("api-version");
  if (version.empty() || answer.field("docker-experimental").empty()) return false;
  facts->protocol = "docker";
  facts->add("api_version", version);
  facts->product.clear();
  facts->version.clear();
  note_token(answer.field("server"), "/", facts);
  if (answer.status == 200) facts->authentication = false;
  if (answer.status == 401 || answer.status == 403) facts->authentication = true;
  return true;
}

bool take(const HttpAnswer& answer, Facts* facts) {
  return take_ping(answer, facts);
}

// It has nothing at /, and says so in JSON (Docker) or in words (Podman).
bool may_be(const HttpAnswer& answer) {
  return answer.status == 404 && answer.body.size() < 200 &&
         (has_word(answer.body, "page not found") || has_word(answer.body, "Not Found"));
}

}  // namespace

const HttpApplication kDocker{take, may_be, "/_ping", take_ping};

}  // namespace assay::agent::services
