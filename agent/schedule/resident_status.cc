#include "agent/schedule/resident_status.h"

#include <unistd.h>

#include <nlohmann/json.hpp>

namespace assay::agent {

namespace {

nlohmann::ordered_json time_of(const std::optional<evidence::Seconds>& time) {
  return time ? nlohmann::ordered_json(evidence::to_timestamp(*time)) : nlohmann::ordered_json();
}

nlohmann::ordered_json spool_of(const SpoolCounts& counts) {
  nlohmann::ordered_json json{{"spooled", counts.spooled},
                              {"set_aside", counts.set_aside},
                              {"gaps", counts.gaps},
                              {"bytes", counts.bytes},
                              {"last_accepted", nullptr}};
  if (counts.last_accepted) {
    json["last_accepted"] = {{"sequence", counts.last_accepted->sequence},
                             {"manifest", counts.last_accepted->digest.hex()},
                             {"at", nullptr}};
    if (counts.last_receipt) json["last_accepted"]["at"] = time_of(counts.last_receipt->at);
  }
  return json;
}

}  // namespace

std::string to_json(const ResidentStatus& status) {
  nlohmann::ordered_json json;
  json["pid"] = ::getpid();
  json["agent_version"] = ASSAY_VERSION;
  json["started"] = time_of(status.started);
  json["last_scan"] = nullptr;
  if (status.last_scan_at)
    json["last_scan"] = {
        {"at", time_of(status.last_scan_at)},        {"sequence", status.last_scan.sequence},
        {"tables", status.last_scan.tables},         {"unavailable", status.last_scan.unavailable},
        {"probes_run", status.last_scan.probes_run}, {"ms", status.last_scan_milliseconds}};
  json["last_error"] = nullptr;
  if (status.last_error)
    json["last_error"] = {{"at", time_of(status.last_error_at)},
                          {"code", name_of(status.last_error->code())},
                          {"detail", status.last_error->message()}};
  json["next_scan"] = time_of(status.next_scan_at);
  json["spool"] = spool_of(status.spool);
  json["courier"] = {{"running", status.is_courier_running},
                     {"restarts", status.courier_restarts},
                     {"last_end", status.courier_last_end}};
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::optional<evidence::Seconds> last_scan_in(std::string_view status_json) {
  const auto json = nlohmann::json::parse(status_json, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  const auto scan = json.find("last_scan");
  if (scan == json.end() || !scan->is_object()) return std::nullopt;
  const auto at = scan->find("at");
  if (at == scan->end() || !at->is_string()) return std::nullopt;
  const auto time = evidence::from_timestamp(at->get<std::string>());
  return time ? std::optional(*time) : std::nullopt;
}

}  // namespace assay::agent
