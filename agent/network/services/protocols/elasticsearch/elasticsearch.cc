// Elasticsearch and OpenSearch: GET / tells the version to whoever may ask, or demands a log-in.
#include <nlohmann/json.hpp>

#include "agent/network/services/protocols/http/application.h"
#include "agent/network/services/protocols/product.h"

namespace assay::agent::services {

namespace {

bool take(const HttpAnswer& answer, Facts* facts) {
  if (answer.status == 401) {
    const auto challenge = answer.field("www-authenticate");
    if (!has_word(answer.body, "\"security_exception\"") && !has_word(challenge, "ApiKey"))
      return false;
    facts->protocol = "elasticsearch";
    facts->authentication = true;
    return true;
  }
  if (answer.status != 200) return false;
  const auto json = nlohmann::json::parse(answer.body, nullptr, false);
  if (!json.is_object() || !json.contains("cluster_name") || !json.contains("version"))
    return false;
  const auto& version = json["version"];
  if (!version.is_object()) return false;
  facts->protocol = "elasticsearch";
  facts->authentication = false;
  facts->product = version.contains("distribution") && version["distribution"] == "opensearch"
                       ? "OpenSearch"
                       : "Elasticsearch";
  if (version.contains("number") && version["number"].is_string())
    facts->version = printable(version["number"].get<std::string>(), 40);
  return true;
}

}  // namespace

const HttpApplication kElasticsearch{take, nullptr, nullptr, nullptr};

}  // namespace assay::agent::services
