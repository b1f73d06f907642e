// The packages of a repository of apk's: APKINDEX, a file in a tar archive behind
// another archive that holds its signature. The signature is not verified here;
// apk did, or was told not to.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "evidence/result.h"

namespace assay::agent {

// Valid during the call only.
struct IndexedApk {
  std::string_view name;
  std::string_view version;
  std::string_view arch;
};

// Fed an unpacked APKINDEX.tar.gz piece by piece. kInvalidData for what is none.
class ApkIndexScanner {
 public:
  explicit ApkIndexScanner(std::function<void(const IndexedApk&)> visit)
      : visit_(std::move(visit)) {}

  [[nodiscard]] Status feed(std::string_view piece);
  // kInvalidData when the file was cut short or has no index.
  [[nodiscard]] Status finish();

 private:
  [[nodiscard]] Status begin_member();
  [[nodiscard]] Status feed_text(std::string_view text);
  [[nodiscard]] Status add_line(std::string_view line);
  void end_package();

  std::function<void(const IndexedApk&)> visit_;
  std::string header_;         // of the member that begins
  std::uint64_t left_ = 0;     // bytes of the member
  std::uint64_t padding_ = 0;  // bytes behind it
  bool is_index_ = false;      // the member is the list of packages
  bool has_index_ = false;
  std::string line_;  // the beginning of one
  std::string name_;
  std::string version_;
  std::string arch_;
};

}  // namespace assay::agent
