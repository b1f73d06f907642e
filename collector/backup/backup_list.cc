#include "collector/backup/backup_list.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "evidence/refusal.h"
#include "evidence/timestamp.h"

namespace assay::collector {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kFormat = "backup/1";

bool stays_inside(const std::string& path) {
  const std::filesystem::path way(path);
  if (path.empty() || path.size() > 1024 || path.find('\0') != std::string::npos ||
      way.is_absolute() || path == kBackupList)
    return false;
  return std::ranges::none_of(
      way, [](const auto& part) { return part.empty() || part == "." || part == ".."; });
}

BackupFile file_from(const Json& json) {
  BackupFile file{json.at("path").get<std::string>(), json.at("bytes").get<std::int64_t>(), {}};
  const auto digest = evidence::Digest::from_hex(json.at("sha256").get<std::string>());
  if (!digest) throw std::invalid_argument("not a digest");
  file.digest = *digest;
  if (!stays_inside(file.path) || file.bytes < 0) throw std::invalid_argument("not a file");
  return file;
}

}  // namespace

std::string to_json(const BackupList& list) {
  Json json = {{"assay", kFormat},
               {"taken_at", list.taken_at},
               {"version", list.version},
               {"files", Json::array()}};
  for (const auto& file : list.files)
    json["files"].push_back(
        {{"path", file.path}, {"bytes", file.bytes}, {"sha256", file.digest.hex()}});
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
}

Result<BackupList> backup_list_from(std::string_view text) {
  const auto damaged = [](const Text& why) {
    return refuse(Code::kInvalidData, {"{}: {}", "{}：{}"}, kBackupList, why);
  };
  try {
    const auto json = Json::parse(text);
    if (json.at("assay") != kFormat)
      return damaged(phrase({"it is of another format version", "格式版本不同"}));
    BackupList list{
        json.at("taken_at").get<std::string>(), json.at("version").get<std::string>(), {}};
    if (!evidence::from_timestamp(list.taken_at)) return damaged(phrase({"no time", "未載明時間"}));
    const auto& files = json.at("files");
    if (!files.is_array() || files.size() > kMaxBackupFiles)
      return damaged(phrase({"no list of files", "沒有檔案清單"}));
    for (const auto& file : files) list.files.push_back(file_from(file));
    if (std::ranges::adjacent_find(list.files, std::ranges::greater_equal{}, &BackupFile::path) !=
        list.files.end())
      return damaged(phrase({"a file twice, or not in order", "檔案重複，或未依序排列"}));
    return list;
  } catch (const std::exception& error) {
    return damaged(phrase({"{}", "內容已毀損（{}）"}, error.what()));
  }
}

}  // namespace assay::collector
