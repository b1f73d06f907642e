// apt's lists of packages (…_Packages): paragraphs of tens of megabytes, of which only those of
// some packages matter. They are looked through once, piece by piece, and not kept.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "evidence/result.h"

namespace assay::agent {

// One paragraph of interest. Valid during the call only.
struct ListedPackage {
  std::string name;
  std::string version;
  std::string arch;
  std::optional<std::int64_t> phased_percent;  // Ubuntu: share of the machines that get it by now
};

class PackagesScanner {
 public:
  // `is_wanted` is asked for each name; `show` is called for each wanted paragraph.
  PackagesScanner(std::function<bool(std::string_view)> is_wanted,
                  std::function<void(const ListedPackage&)> show)
      : is_wanted_(std::move(is_wanted)), show_(std::move(show)) {}

  // The next piece of the text, cut anywhere. kInvalidData names the line.
  [[nodiscard]] Status feed(std::string_view piece);
  // No more pieces: the text must end with a line's end.
  [[nodiscard]] Status finish();

  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  [[nodiscard]] std::int64_t packages() const { return packages_; }

 private:
  [[nodiscard]] Status add_line(std::string_view line);
  [[nodiscard]] Status begin_package(std::string_view name);
  [[nodiscard]] Status end_package();
  [[nodiscard]] std::unexpected<Error> broken(std::string_view why) const;

  std::function<bool(std::string_view)> is_wanted_;
  std::function<void(const ListedPackage&)> show_;
  std::string cut_line_;
  enum class State { kBetween, kUnnamed, kSkipped, kWanted } state_ = State::kBetween;
  ListedPackage package_;
  std::uint64_t bytes_ = 0;
  std::int64_t line_ = 0;
  std::int64_t packages_ = 0;
};

}  // namespace assay::agent
