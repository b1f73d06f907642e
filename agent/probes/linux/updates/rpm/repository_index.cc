#include "agent/probes/linux/updates/rpm/repository_index.h"

#include <algorithm>

#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"
#include "agent/probes/linux/updates/rpm/xml_scanner.h"

namespace assay::agent {
namespace {

class IndexVisitor final : public XmlVisitor {
 public:
  explicit IndexVisitor(std::vector<RepositoryList>& lists) : lists_(lists) {}

  Status begin(std::string_view name, std::size_t depth, const XmlAttributes& attributes) override {
    wants_text_ = false;
    if (depth == 0 && name != "repomd")
      return fail(Code::kInvalidData, "this is no index of a repository");
    if (depth == 1 && name == "data") {
      if (lists_.size() == kMaxRepositoryLists)
        return fail(Code::kTooLarge, "more lists than a repository has");
      lists_.push_back({.type = std::string(attributes["type"])});
    }
    is_in_data_ = depth >= 2 && !lists_.empty();
    if (depth != 2 || !is_in_data_) return {};
    if (name == "location") {
      const auto path = attributes["href"];
      lists_.back().file = path.substr(path.rfind('/') + 1);
    }
    is_sha256_ = attributes["type"] == "sha256";
    wants_text_ = name == "open-size" || name == "timestamp" || name == "open-checksum";
    return {};
  }

  Status end(std::string_view name, std::size_t depth, std::string_view text) override {
    if (depth == 1 && name == "data" && lists_.back().file.empty())
      return fail(Code::kInvalidData, "a list without a file");
    if (depth != 2 || !is_in_data_) return {};
    const auto number = trimmed(text);
    if (name == "open-size") lists_.back().unpacked_bytes = decimal<std::uint64_t>(number);
    if (name == "open-checksum" && is_sha256_) lists_.back().unpacked_sha256 = number;
    // Some write fractions of seconds.
    if (name == "timestamp") lists_.back().made = decimal(number.substr(0, number.find('.')));
    return {};
  }

  [[nodiscard]] bool wants_text() const override { return wants_text_; }

 private:
  std::vector<RepositoryList>& lists_;
  bool wants_text_ = false;
  bool is_in_data_ = false;
  bool is_sha256_ = false;
};

}  // namespace

Result<std::vector<RepositoryList>> parse_repository_index(std::string_view text) {
  std::vector<RepositoryList> lists;
  IndexVisitor visitor(lists);
  XmlScanner scanner(visitor);
  if (auto fed = scanner.feed(text); !fed) return fail(std::move(fed.error()));
  if (auto finished = scanner.finish(); !finished) return fail(std::move(finished.error()));
  return lists;
}

const RepositoryList* find_list(const std::vector<RepositoryList>& lists, std::string_view type) {
  const auto found = std::ranges::find(lists, type, &RepositoryList::type);
  return found == lists.end() ? nullptr : &*found;
}

}  // namespace assay::agent
