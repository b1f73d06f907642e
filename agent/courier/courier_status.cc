#include "agent/courier/courier_status.h"

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "agent/courier/channel.h"
#include "agent/state/disk.h"

namespace assay::agent {

namespace {

nlohmann::ordered_json time_of(const std::optional<evidence::Seconds>& time) {
  return time ? nlohmann::ordered_json(evidence::to_timestamp(*time)) : nlohmann::ordered_json();
}

}  // namespace

std::string to_json(const CourierStatus& status) {
  nlohmann::ordered_json json;
  json["pid"] = ::getpid();
  json["user"] = status.user;
  json["warning"] = status.warning;
  json["collector"] = status.collector;
  json["connected"] = status.is_connected;
  json["last_contact"] = time_of(status.last_contact);
  json["last_error"] = nullptr;
  if (status.last_error) {
    const auto meaning = meaning_of(status.last_error->code());
    json["last_error"] = {{"at", time_of(status.last_error_at)},
                          {"code", name_of(status.last_error->code())},
                          {"meaning", {{"en", meaning.en}, {"zh-TW", meaning.zh_tw}}},
                          {"detail", status.last_error->message()}};
  }
  json["spooled"] = status.spooled;
  json["set_aside"] = status.set_aside;
  json["last_submission"] = nullptr;
  if (status.last_submission_at) {
    const auto& report = status.last_submission;
    json["last_submission"] = {{"at", time_of(status.last_submission_at)},
                               {"accepted", report.accepted},
                               {"refused", report.refused},
                               {"differences", report.differences},
                               {"tables_sent", report.tables_sent},
                               {"bytes_sent", report.bytes_sent},
                               {"last_refusal", report.last_refusal}};
  }
  json["ledger"] = {{"checked", time_of(status.ledger_checked_at)},
                    {"size", status.ledger.size},
                    {"unproven", status.ledger.unproven},
                    {"alarm", status.ledger.alarm}};
  json["certificate_ends"] = time_of(status.certificate_ends);
  json["ignored_configuration"] = status.ignored;
  // What the collector wrote may hold anything.
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

Status write_status(const StateFolder& state, const CourierStatus& status) {
  Disk disk;
  return disk.write(state.courier_status(), to_json(status));
}

}  // namespace assay::agent
