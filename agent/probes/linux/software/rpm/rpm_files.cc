#include "agent/probes/linux/software/rpm/rpm_files.h"

#include <optional>
#include <string>
#include <vector>

#include "agent/probes/linux/software/bytes/byte_order.h"
#include "agent/probes/linux/software/rpm/rpm_header.h"

namespace assay::agent {
namespace {

constexpr std::size_t kIntroBytes = 8;
constexpr std::size_t kEntryBytes = 16;
constexpr std::uint32_t kFolderOfName = 1116;  // RPMTAG_DIRINDEXES
constexpr std::uint32_t kNames = 1117;         // RPMTAG_BASENAMES
constexpr std::uint32_t kFolders = 1118;       // RPMTAG_DIRNAMES
constexpr std::uint32_t kInt32 = 4;
constexpr std::uint32_t kStringArray = 8;

std::unexpected<Error> broken(std::string_view why) {
  return fail(Code::kInvalidData, std::string("a package header ").append(why));
}

struct Entry {
  std::uint32_t type = 0;
  std::uint32_t offset = 0;
  std::uint32_t count = 0;
  std::uint32_t end = 0;  // where the next entry's data begin
};

// One string after another, each ended by a zero.
class Strings {
 public:
  explicit Strings(std::string_view bytes) : bytes_(bytes) {}

  std::optional<std::string_view> next() {
    const auto end = bytes_.find('\0');
    if (end == std::string_view::npos) return std::nullopt;
    const auto text = bytes_.substr(0, end);
    bytes_.remove_prefix(end + 1);
    return text;
  }

 private:
  std::string_view bytes_;
};

class Lists {
 public:
  explicit Lists(ByteSource& header) : header_(header) {}

  Status read() {
    const auto intro = header_.at(0, kIntroBytes);
    if (!intro) return fail(intro.error());
    const auto count = big_endian_32(*intro);
    data_bytes_ = big_endian_32(intro->substr(4));
    if (count > kMaxRpmHeaderEntries || data_bytes_ > kMaxRpmHeaderDataBytes)
      return broken("states a size that none has");
    data_at_ = kIntroBytes + kEntryBytes * std::uint64_t{count};
    const auto index = header_.at(kIntroBytes, kEntryBytes * count);
    if (!index) return fail(index.error());
    for (std::size_t at = 0; at < index->size(); at += kEntryBytes) add(index->substr(at));
    for (auto* entry : {&names_, &folders_, &folder_of_name_})
      if (*entry) set_end(**entry, *index);
    return {};
  }

  Status visit(const RpmFileVisitor& see) {
    if (!names_) return {};
    if (!folders_ || !folder_of_name_ || folder_of_name_->count != names_->count)
      return broken("has names of files without their folders");
    const auto folder_bytes = bytes_of(*folders_, kStringArray);
    if (!folder_bytes) return fail(folder_bytes.error());
    std::vector<std::string_view> folders;
    Strings all(*folder_bytes);
    for (std::uint32_t i = 0; i < folders_->count; ++i) {
      const auto folder = all.next();
      if (!folder) return broken("has text without an end");
      folders.push_back(*folder);
    }
    const auto numbers = bytes_of(*folder_of_name_, kInt32);
    if (!numbers) return fail(numbers.error());
    if (numbers->size() / 4 < names_->count) return broken("has a number that is cut short");
    return visit_names(folders, *numbers, see);
  }

 private:
  Status visit_names(const std::vector<std::string_view>& folders, std::string_view numbers,
                     const RpmFileVisitor& see) {
    const auto name_bytes = bytes_of(*names_, kStringArray);
    if (!name_bytes) return fail(name_bytes.error());
    Strings names(*name_bytes);
    std::string path;
    for (std::size_t i = 0; i < names_->count; ++i) {
      const auto name = names.next();
      const auto folder = big_endian_32(numbers.substr(4 * i));
      if (!name) return broken("has text without an end");
      if (folder >= folders.size()) return broken("has names of files without their folders");
      path.assign(folders[folder]).append(*name);
      see(path);
    }
    return {};
  }

  // The last of several wins.
  void add(std::string_view raw) {
    const Entry entry{.type = big_endian_32(raw.substr(4)),
                      .offset = big_endian_32(raw.substr(8)),
                      .count = big_endian_32(raw.substr(12))};
    switch (big_endian_32(raw)) {
      case kNames: names_ = entry; break;
      case kFolders: folders_ = entry; break;
      case kFolderOfName: folder_of_name_ = entry; break;
      default: break;
    }
  }

  void set_end(Entry& entry, std::string_view index) const {
    entry.end = data_bytes_;
    for (std::size_t at = 0; at < index.size(); at += kEntryBytes) {
      const auto other = big_endian_32(index.substr(at + 8));
      if (other > entry.offset && other < entry.end) entry.end = other;
    }
  }

  // A copy: the next look at the header would end a view.
  Result<std::string> bytes_of(const Entry& entry, std::uint32_t type) {
    if (entry.type != type || entry.offset > data_bytes_)
      return broken("has something else where a list of files belongs");
    const auto length = entry.end - entry.offset;
    if (length > kMaxRpmFileListBytes)
      return fail(Code::kTooLarge, "a package header lists more files than are read");
    const auto bytes = header_.at(data_at_ + entry.offset, length);
    if (!bytes) return fail(bytes.error());
    return std::string(*bytes);
  }

  ByteSource& header_;
  std::uint64_t data_at_ = 0;
  std::uint32_t data_bytes_ = 0;
  std::optional<Entry> names_;
  std::optional<Entry> folders_;
  std::optional<Entry> folder_of_name_;
};

}  // namespace

Status visit_rpm_files(ByteSource& header, const RpmFileVisitor& see) {
  Lists lists(header);
  if (auto read = lists.read(); !read) return read;
  return lists.visit(see);
}

}  // namespace assay::agent
