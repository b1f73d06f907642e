#include "agent/probes/linux/software/rpm/rpm_header.h"

#include "agent/probes/linux/software/bytes/byte_order.h"
#include "agent/probes/linux/software/rpm/openpgp_issuer.h"
#include "evidence/limits.h"

namespace assay::agent {
namespace {

constexpr std::size_t kIntroBytes = 8;
constexpr std::size_t kEntryBytes = 16;
constexpr std::size_t kFirstPieceBytes = 256;  // most strings end within
constexpr std::size_t kMaxSignatureBytes = 16U << 10U;
constexpr std::string_view kNoIdentity = "lacks name, version or release";

enum class Type : std::uint32_t {
  kInt32 = 4,
  kInt64 = 5,
  kString = 6,
  kBinary = 7,
  kStringArray = 8,
  kTranslated = 9
};

// The tags that are read; the order is that of kTags.
enum Wanted : std::size_t {
  kDsaHeader,
  kRsaHeader,
  kSha1Header,
  kName,
  kVersion,
  kRelease,
  kEpoch,
  kInstallTime,
  kSize,
  kVendor,
  kLicense,
  kGroup,
  kArch,
  kSourceRpm,
  kLongSize,
  kModule,
  kWantedCount
};
constexpr std::array<std::uint32_t, kWantedCount> kTags = {
    267, 268, 269, 1000, 1001, 1002, 1003, 1008, 1009, 1011, 1014, 1016, 1022, 1044, 5009, 5096};
static_assert(std::ranges::is_sorted(kTags));

struct Entry {
  Type type{};
  std::uint32_t offset = 0;
  std::uint32_t count = 0;
};
using Entries = std::array<std::optional<Entry>, kWantedCount>;

std::unexpected<Error> broken(std::string_view why) {
  return fail(Code::kInvalidData, std::string("a package header ").append(why));
}

class Reader {
 public:
  explicit Reader(ByteSource& blob) : blob_(blob) {}

  Status read_index() {
    const auto intro = blob_.at(0, kIntroBytes);
    if (!intro) return fail(intro.error());
    const auto count = big_endian_32(*intro);
    data_bytes_ = big_endian_32(intro->substr(4));
    if (count == 0 || count > kMaxRpmHeaderEntries || data_bytes_ > kMaxRpmHeaderDataBytes)
      return broken("states a size that none has");
    data_at_ = kIntroBytes + kEntryBytes * std::uint64_t{count};
    if (data_at_ + data_bytes_ != blob_.size()) return broken("is not as long as it says");
    const auto index = blob_.at(kIntroBytes, kEntryBytes * count);
    if (!index) return fail(index.error());
    for (std::size_t at = 0; at < index->size(); at += kEntryBytes)
      if (auto added = add(index->substr(at, kEntryBytes)); !added) return added;
    return {};
  }

  // Empty when there is none. The first of several.
  Result<std::string> text(Wanted wanted) {
    const auto& entry = entries_[wanted];
    if (!entry) return std::string();
    if (entry->type != Type::kString && entry->type != Type::kStringArray &&
        entry->type != Type::kTranslated)
      return broken("has a number where text belongs");
    for (std::size_t length = kFirstPieceBytes;; length *= 4) {
      const auto piece = data(*entry, std::min<std::size_t>(length, evidence::kMaxCellBytes));
      if (!piece) return fail(piece.error());
      const auto end = piece->find('\0');
      if (end != std::string_view::npos) return std::string(piece->substr(0, end));
      if (piece->size() == data_bytes_ - entry->offset) return broken("has text without an end");
      if (length >= evidence::kMaxCellBytes)
        return fail(Code::kTooLarge, "a package header has a text over 64 KiB");
    }
  }

  Result<std::optional<std::int64_t>> number(Wanted wanted) {
    const auto& entry = entries_[wanted];
    if (!entry) return std::nullopt;
    const bool is_long = entry->type == Type::kInt64;
    if (!is_long && entry->type != Type::kInt32)
      return broken("has something else where a number belongs");
    const auto bytes = data(*entry, is_long ? 8 : 4);
    if (!bytes) return fail(bytes.error());
    if (entry->count == 0 || bytes->size() < (is_long ? 8U : 4U))
      return broken("has a number that is cut short");
    if (!is_long) return big_endian_32(*bytes);
    const auto value =
        std::uint64_t{big_endian_32(*bytes)} << 32U | big_endian_32(bytes->substr(4));
    if (value > std::uint64_t{INT64_MAX}) return broken("has a number that is too large");
    return static_cast<std::int64_t>(value);
  }

  Result<std::string> signing_key() {
    for (const auto wanted : {kRsaHeader, kDsaHeader}) {
      const auto& entry = entries_[wanted];
      if (!entry || entry->type != Type::kBinary || entry->count > kMaxSignatureBytes) continue;
      const auto packet = data(*entry, entry->count);
      if (!packet) return fail(packet.error());
      return openpgp_issuer(*packet);
    }
    return std::string();
  }

 private:
  Status add(std::string_view raw) {
    const auto found = std::ranges::lower_bound(kTags, big_endian_32(raw));
    if (found == kTags.end() || *found != big_endian_32(raw)) return {};
    const Entry entry{.type = Type{big_endian_32(raw.substr(4))},
                      .offset = big_endian_32(raw.substr(8)),
                      .count = big_endian_32(raw.substr(12))};
    if (entry.offset >= data_bytes_) return broken("points behind its own end");
    entries_[static_cast<std::size_t>(found - kTags.begin())] = entry;
    return {};
  }

  // At most `length` bytes of the entry's data; fewer at the end of all data.
  Result<std::string_view> data(const Entry& entry, std::size_t length) {
    return blob_.at(data_at_ + entry.offset,
                    std::min<std::size_t>(length, data_bytes_ - entry.offset));
  }

  ByteSource& blob_;
  Entries entries_;
  std::uint64_t data_at_ = 0;
  std::uint32_t data_bytes_ = 0;
};

struct TextField {
  Wanted wanted;
  std::string RpmHeader::* member;
};
struct NumberField {
  Wanted wanted;
  std::optional<std::int64_t> RpmHeader::* member;
};
constexpr TextField kTexts[] = {
    {kName, &RpmHeader::name},       {kVersion, &RpmHeader::version},
    {kRelease, &RpmHeader::release}, {kVendor, &RpmHeader::vendor},
    {kLicense, &RpmHeader::license}, {kGroup, &RpmHeader::group},
    {kArch, &RpmHeader::arch},       {kSourceRpm, &RpmHeader::source_rpm},
    {kModule, &RpmHeader::module},   {kSha1Header, &RpmHeader::sha1}};
// A package over 4 GiB has its size in the longer tag alone.
constexpr NumberField kNumbers[] = {{kEpoch, &RpmHeader::epoch},
                                    {kInstallTime, &RpmHeader::install_time},
                                    {kSize, &RpmHeader::size_bytes},
                                    {kLongSize, &RpmHeader::size_bytes}};

}  // namespace

Result<RpmHeader> read_rpm_header(ByteSource& blob) {
  Reader reader(blob);
  if (auto index = reader.read_index(); !index) return fail(std::move(index.error()));
  RpmHeader header;
  for (const auto& [wanted, member] : kTexts) {
    auto value = reader.text(wanted);
    if (!value) return fail(std::move(value.error()));
    header.*member = *std::move(value);
  }
  for (const auto& [wanted, member] : kNumbers) {
    const auto value = reader.number(wanted);
    if (!value) return fail(value.error());
    if (*value) header.*member = *value;
  }
  auto key = reader.signing_key();
  if (!key) return fail(std::move(key.error()));
  header.signing_key = *std::move(key);
  if (header.name.empty() || header.version.empty() || header.release.empty())
    return broken(kNoIdentity);
  return header;
}

std::string RpmIdentity::full_version() const {
  const auto before = epoch.value_or(0) == 0 ? std::string() : std::to_string(*epoch) + ":";
  return before + version + "-" + release;
}

Result<RpmIdentity> read_rpm_identity(ByteSource& blob) {
  Reader reader(blob);
  if (auto index = reader.read_index(); !index) return fail(std::move(index.error()));
  RpmIdentity identity;
  for (const auto& [wanted, member] :
       {std::pair(kName, &RpmIdentity::name), std::pair(kVersion, &RpmIdentity::version),
        std::pair(kRelease, &RpmIdentity::release)}) {
    auto value = reader.text(wanted);
    if (!value) return fail(std::move(value.error()));
    if (value->empty()) return broken(kNoIdentity);
    identity.*member = *std::move(value);
  }
  const auto epoch = reader.number(kEpoch);
  if (!epoch) return fail(epoch.error());
  identity.epoch = *epoch;
  return identity;
}

}  // namespace assay::agent
