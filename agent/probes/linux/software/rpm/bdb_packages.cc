#include "agent/probes/linux/software/rpm/bdb_packages.h"

#include "agent/probes/linux/software/bytes/byte_order.h"
#include "agent/probes/linux/software/rpm/bdb_pages.h"
#include "agent/probes/linux/software/rpm/rpm_header.h"

namespace assay::agent {
namespace {

enum class ItemType : std::uint8_t { kOnPage = 1, kOffPage = 3 };

constexpr std::size_t kOffPageItemBytes = 12;  // type, three unused, page, length
constexpr std::size_t kKeyBytes = 4;
constexpr std::uint64_t kMaxHeaderBytes =
    8 + 16 * std::uint64_t{kMaxRpmHeaderEntries} + kMaxRpmHeaderDataBytes;

// A value in a chain of overflow pages.
class Chain final : public ByteSource {
 public:
  [[nodiscard]] static Result<Chain> open(BdbPages& pages, std::uint32_t first,
                                          std::uint64_t size) {
    Chain chain(pages);
    for (auto page = first; chain.size_ < size;) {
      const auto head = pages.enter(page);
      if (!head) return fail(head.error());
      if (head->type != BdbPageType::kOverflow || head->used == 0 ||
          head->used > pages.page_bytes() - kBdbPageHeadBytes)
        return broken_bdb("with a chain that leads to another kind of page");
      chain.links_.push_back({chain.size_, page});
      chain.size_ += head->used;
      page = head->next;
    }
    if (chain.size_ != size) return broken_bdb("with a chain that is longer than its value");
    return chain;
  }

  [[nodiscard]] std::uint64_t size() const override { return size_; }

  [[nodiscard]] Result<std::string_view> at(std::uint64_t offset, std::size_t length) override {
    if (length > size_ || offset > size_ - length) return broken_bdb("whose value ends early");
    auto link = std::ranges::upper_bound(links_, offset, {}, &Link::begin) - 1;
    const auto in_page = static_cast<std::size_t>(offset - link->begin);
    if (length <= end_of(link) - offset)
      return pages_->bytes(link->page, kBdbPageHeadBytes + in_page, length);
    joined_.clear();
    for (; joined_.size() < length; ++link) {
      const auto from = offset + joined_.size();
      const auto piece = std::min<std::uint64_t>(length - joined_.size(), end_of(link) - from);
      const auto bytes = pages_->bytes(
          link->page, kBdbPageHeadBytes + static_cast<std::size_t>(from - link->begin),
          static_cast<std::size_t>(piece));
      if (!bytes) return bytes;
      joined_ += *bytes;
    }
    return joined_;
  }

 private:
  struct Link {
    std::uint64_t begin = 0;  // of the page's bytes in the value
    std::uint32_t page = 0;
  };

  explicit Chain(BdbPages& pages) : pages_(&pages) {}
  [[nodiscard]] std::uint64_t end_of(std::vector<Link>::const_iterator link) const {
    return link + 1 == links_.end() ? size_ : (link + 1)->begin;
  }

  BdbPages* pages_;
  std::vector<Link> links_;
  std::uint64_t size_ = 0;
  std::string joined_;
};

// A page's items: offsets at its front, the items from its end on, each down to where the one
// before begins.
class HashPage {
 public:
  HashPage(const BdbPages& pages, std::string bytes, std::uint32_t entries)
      : pages_(pages), bytes_(std::move(bytes)), entries_(entries) {}

  [[nodiscard]] Result<std::string_view> item(std::uint32_t index) const {
    const auto begin = offset_of(index);
    const auto end = index == 0 ? bytes_.size() : offset_of(index - 1);
    if (begin < kBdbPageHeadBytes + 2 * std::size_t{entries_} || begin >= end ||
        end > bytes_.size())
      return broken_bdb("with an item outside its page");
    return std::string_view(bytes_).substr(begin, end - begin);
  }

 private:
  [[nodiscard]] std::size_t offset_of(std::uint32_t index) const {
    return pages_.number_16(
        std::string_view(bytes_).substr(kBdbPageHeadBytes + 2 * std::size_t{index}));
  }

  const BdbPages& pages_;
  std::string bytes_;
  std::uint32_t entries_;
};

// Under the number 0 rpm keeps the highest number that it gave.
Result<bool> is_package(std::string_view key) {
  if (key.size() != 1 + kKeyBytes ||
      ItemType{static_cast<std::uint8_t>(key[0])} != ItemType::kOnPage)
    return broken_bdb("with a key that is no package's number");
  return key.substr(1) != std::string_view("\0\0\0\0", kKeyBytes);
}

Status visit_value(BdbPages& pages, std::string_view item, const HeaderVisitor& visit) {
  switch (ItemType{static_cast<std::uint8_t>(item[0])}) {
    case ItemType::kOnPage: {
      MemoryBytes header(item.substr(1));
      return visit(header);
    }
    case ItemType::kOffPage: {
      if (item.size() != kOffPageItemBytes) return broken_bdb("with a value of an unknown kind");
      const auto size = pages.number_32(item.substr(8));
      if (size == 0 || size > kMaxHeaderBytes) return broken_bdb("with a value of no sane length");
      auto chain = Chain::open(pages, pages.number_32(item.substr(4)), size);
      if (!chain) return fail(std::move(chain.error()));
      return visit(*chain);
    }
  }
  return broken_bdb("with a value of an unknown kind");
}

Status visit_items(BdbPages& pages, const HashPage& page, std::uint32_t entries,
                   const HeaderVisitor& visit) {
  for (std::uint32_t i = 0; i < entries; i += 2) {
    const auto key = page.item(i);
    const auto value = key ? page.item(i + 1) : key;
    if (!value) return fail(value.error());
    const auto wanted = is_package(*key);
    if (!wanted) return fail(wanted.error());
    if (!*wanted) continue;
    if (auto visited = visit_value(pages, *value, visit); !visited) return visited;
  }
  return {};
}

Status visit_bucket(BdbPages& pages, std::uint32_t first, const HeaderVisitor& visit) {
  for (auto number = first; number != 0;) {
    const auto head = pages.enter(number);
    if (!head) return fail(head.error());
    if (head->type != BdbPageType::kHash && head->type != BdbPageType::kHashUnsorted)
      return broken_bdb("with a bucket of another kind of page");
    const auto room = (pages.page_bytes() - kBdbPageHeadBytes) / 2;
    if (head->entries % 2 != 0 || head->entries > room)
      return broken_bdb("with a page of too many items");
    const auto bytes = pages.bytes(number, 0, pages.page_bytes());
    if (!bytes) return fail(bytes.error());
    // A copy: reading the values moves the windows of the file.
    const HashPage page(pages, std::string(*bytes), head->entries);
    if (auto visited = visit_items(pages, page, head->entries, visit); !visited) return visited;
    number = head->next;
  }
  return {};
}

}  // namespace

Status visit_bdb_headers(ByteSource& file, const HeaderVisitor& visit) {
  auto pages = BdbPages::open(file);
  if (!pages) return fail(std::move(pages.error()));
  for (std::uint32_t bucket = 0; bucket <= pages->max_bucket(); ++bucket)
    if (auto visited = visit_bucket(*pages, pages->page_of_bucket(bucket), visit); !visited)
      return visited;
  return {};
}

}  // namespace assay::agent
