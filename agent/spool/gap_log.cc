#include "agent/spool/gap_log.h"

#include <fstream>
#include <nlohmann/json.hpp>

namespace assay::agent {

std::string_view name_of(GapKind kind) {
  switch (kind) {
    case GapKind::kNoSpace: return "no_space";
    case GapKind::kScanFailed: return "scan_failed";
    case GapKind::kSetAside: return "set_aside";
    case GapKind::kDamaged: return "damaged";
  }
  return "scan_failed";
}

GapLog::GapLog(std::string path, Disk* disk) : path_(std::move(path)), disk_(disk) {
  std::ifstream file(path_);
  for (std::string line; std::getline(file, line);) ++written_;
}

void GapLog::add(GapKind kind, evidence::Seconds when, std::string_view detail) {
  const nlohmann::ordered_json json{
      {"at", evidence::to_timestamp(when)}, {"kind", name_of(kind)}, {"detail", detail}};
  unwritten_.push_back(json.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace) + "\n");
  (void)flush();  // what is left over stays and counts
}

bool GapLog::flush() {
  while (!unwritten_.empty()) {
    if (!disk_->append(path_, unwritten_.front())) return false;
    unwritten_.erase(unwritten_.begin());
    ++written_;
  }
  return true;
}

}  // namespace assay::agent
