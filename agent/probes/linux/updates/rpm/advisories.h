// A repository's advisories (updateinfo.xml): which versions of packages were security updates.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "agent/probes/linux/updates/rpm/xml_scanner.h"

namespace assay::agent {

// One package of one advisory. Valid during the call only.
struct AdvisedRpm {
  std::string advisory;  // RHSA-2024:1234
  bool is_security = false;
  std::string module;  // "nodejs:18" when it belongs to a module's stream
  std::string name;
  std::string arch;
  std::string version;  // [epoch:]version-release
};

class AdvisoryScanner final : private XmlVisitor {
 public:
  // `show` is called for each package of a wanted name.
  AdvisoryScanner(std::function<bool(std::string_view)> is_wanted,
                  std::function<void(const AdvisedRpm&)> show)
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
  std::function<void(const AdvisedRpm&)> show_;
  AdvisedRpm package_;
  bool wants_text_ = false;
  XmlScanner scanner_;
};

}  // namespace assay::agent
