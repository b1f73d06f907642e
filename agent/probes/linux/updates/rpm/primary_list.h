// A repository's list of packages (primary.xml): up to hundreds of megabytes, of which only the
// packages that are installed matter.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "agent/probes/linux/updates/rpm/xml_scanner.h"

namespace assay::agent {

// Valid during the call only.
struct OfferedRpm {
  std::string name;
  std::string arch;
  std::string version;  // [epoch:]version-release, without an epoch of 0
};

class PrimaryScanner final : private XmlVisitor {
 public:
  // `show` is called for each package of a wanted name.
  PrimaryScanner(std::function<bool(std::string_view)> is_wanted,
                 std::function<void(const OfferedRpm&)> show)
      : is_wanted_(std::move(is_wanted)), show_(std::move(show)), scanner_(*this) {}

  // The next piece, cut anywhere. kInvalidData names the line.
  [[nodiscard]] Status feed(std::string_view piece) { return scanner_.feed(piece); }
  [[nodiscard]] Status finish() { return scanner_.finish(); }

  [[nodiscard]] std::uint64_t bytes() const { return scanner_.bytes(); }

 private:
  [[nodiscard]] Status begin(std::string_view name, std::size_t depth,
                             const XmlAttributes& attributes) override;
  [[nodiscard]] Status end(std::string_view name, std::size_t depth,
                           std::string_view text) override;
  [[nodiscard]] bool wants_text() const override { return wants_text_; }

  std::function<bool(std::string_view)> is_wanted_;
  std::function<void(const OfferedRpm&)> show_;
  OfferedRpm package_;
  bool wants_text_ = false;
  XmlScanner scanner_;
};

// Empty when version or release are.
[[nodiscard]] std::string rpm_version_text(std::string_view epoch, std::string_view version,
                                           std::string_view release);

}  // namespace assay::agent
