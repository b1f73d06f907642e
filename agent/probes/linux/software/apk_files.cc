#include "agent/probes/linux/software/apk_files.h"

#include "agent/probes/linux/software/apk_database.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {

Status read_apk_files(std::string_view installed, const ApkFileVisitor& see) {
  std::string path;
  std::string_view package;
  std::size_t folder_size = 0;
  Lines lines(installed);
  while (const auto line = lines.next()) {
    if (line->starts_with("P:")) {
      package = line->substr(2);
    } else if (line->starts_with("F:")) {
      path.assign("/").append(line->substr(2));
      if (!path.ends_with('/')) path += '/';
      folder_size = path.size();
    } else if (line->starts_with("R:")) {
      if (folder_size == 0)
        return fail(Code::kInvalidData,
                    "line " + std::to_string(lines.number()) + ": a file without a folder");
      path.resize(folder_size);
      see(path.append(line->substr(2)), package);
    } else if (line->empty()) {
      folder_size = 0;  // the next package
      package = {};
    }
  }
  return {};
}

Status visit_apk_files(Host& host, const ApkFileVisitor& see) {
  const auto database = read_apk_database(host);
  if (!database) return fail(database.error());
  if (auto read = read_apk_files(database->text, see); !read)
    return fail(read.error().within(database->path));
  return {};
}

}  // namespace assay::agent
