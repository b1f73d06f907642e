#include "agent/probes/linux/accounts/logins/login_files.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace assay::agent {
namespace {

constexpr std::string_view kFolder = "/var/log";
constexpr std::string_view kLastlog = "/var/log/lastlog";
constexpr std::array<std::string_view, 4> kCompressed = {".gz", ".xz", ".bz2", ".zst"};
constexpr int kMaxWtmpFiles = 16;
constexpr std::uint64_t kMaxWtmpBytes = 16U << 20U;  // the newest part; some 43,000 records
constexpr std::size_t kPieceBytes = 9600 * 100;      // whole records of either layout
constexpr std::uint64_t kBlockRecords = 1024;        // of lastlog, read at once

bool is_compressed(std::string_view name) {
  return std::ranges::any_of(kCompressed, [&](auto end) { return name.ends_with(end); });
}

Result<std::vector<std::string>> wtmp_names(Host& host) {
  const auto names = host.list_directory(kFolder, kMaxDirectoryEntries);
  if (!names && names.error().code() == Code::kNotFound) return std::vector<std::string>();
  if (!names) return fail(names.error());
  std::vector<std::string> found;
  for (const auto& name : *names)
    if ((name == "wtmp" || name.starts_with("wtmp.") || name.starts_with("wtmp-")) &&
        !is_compressed(name))
      found.push_back(name);
  // The newest of those that carry a date stand last.
  if (found.size() > std::size_t{kMaxWtmpFiles})
    found.erase(found.begin() + 1, found.end() - kMaxWtmpFiles);
  return found;
}

struct Pieces {
  std::string path;
  std::optional<UtmpLayout> layout;
  std::optional<std::int64_t> since;
};

Status add_records(std::string_view bytes, Pieces& file, LoginHistory& history) {
  for (; bytes.size() >= file.layout->utmp; bytes.remove_prefix(file.layout->utmp)) {
    const auto record = read_utmp_record(bytes.substr(0, file.layout->utmp), *file.layout);
    if (!record) return fail(record.error().within("reading " + file.path));
    // A machine that starts without a clock notes 1970.
    if (record->time > 0 && (!file.since || record->time < *file.since)) file.since = record->time;
    if (record->type != kUserProcess || record->user.empty()) continue;
    const auto added = history.add(record->user, {.time = record->time,
                                                  .tty = std::string(record->tty),
                                                  .host = std::string(record->host),
                                                  .source = file.path});
    if (!added) return added;
  }
  return {};
}

Status read_wtmp(Host& host, Pieces& file, LoginHistory& history) {
  const auto status = host.status(file.path);
  if (!status) return fail(status.error());
  std::uint64_t at = 0;
  if (status->kind == FileKind::kRegular && status->size_bytes > kMaxWtmpBytes) {
    const auto start = host.read_range(file.path, 0, kPieceBytes);
    if (!start) return fail(start.error());
    file.layout = utmp_layout(*start);
    if (file.layout)
      at = (status->size_bytes - kMaxWtmpBytes) / file.layout->utmp * file.layout->utmp;
  }
  const auto end = at + kMaxWtmpBytes + kPieceBytes;
  for (; at < end; at += kPieceBytes) {
    const auto bytes = host.read_range(file.path, at, kPieceBytes);
    if (!bytes) return fail(bytes.error());
    if (!file.layout) file.layout = utmp_layout(*bytes);
    if (!file.layout)
      return fail(Code::kInvalidData, "reading " + file.path + ": this is no file of logins");
    if (auto done = add_records(*bytes, file, history); !done) return done;
    if (bytes->size() < kPieceBytes) return {};
  }
  return fail(Code::kTooLarge, "reading " + file.path + ": larger than the limit");
}

// Blocks of lastlog, of which the last is kept: accounts are asked for in the order of their uid.
class LastlogBlocks {
 public:
  LastlogBlocks(Host& host, std::uint64_t size_bytes, const UtmpLayout& layout)
      : host_(host), size_bytes_(size_bytes), layout_(layout) {}

  // Empty for a uid behind the end of the file.
  [[nodiscard]] Result<std::string_view> record(std::uint32_t uid) {
    const std::uint64_t at = std::uint64_t{uid} * layout_.lastlog;
    if (at + layout_.lastlog > size_bytes_) return std::string_view();
    const std::uint64_t block = uid / kBlockRecords;
    if (block_ != block) {
      auto bytes = host_.read_range(kLastlog, block * kBlockRecords * layout_.lastlog,
                                    kBlockRecords * layout_.lastlog);
      if (!bytes) return fail(std::move(bytes.error()));
      bytes_ = std::move(*bytes);
      block_ = block;
    }
    const auto in_block = (uid % kBlockRecords) * layout_.lastlog;
    if (in_block >= bytes_.size()) return std::string_view();
    return std::string_view(bytes_).substr(in_block, layout_.lastlog);
  }

 private:
  Host& host_;
  std::uint64_t size_bytes_;
  UtmpLayout layout_;
  std::optional<std::uint64_t> block_;
  std::string bytes_;
};

}  // namespace

Result<UtmpLayout> read_wtmp_files(Host& host, LoginHistory& history) {
  const auto names = wtmp_names(host);
  if (!names) return fail(names.error());
  UtmpLayout layout = kShortTimes;
  for (const auto& name : *names) {
    Pieces file{.path = std::string(kFolder) + "/" + name, .layout = {}, .since = {}};
    if (auto done = read_wtmp(host, file, history); !done) return fail(done.error());
    if (!file.since) continue;  // it holds nothing
    layout = *file.layout;
    history.covers(file.path, file.since);
  }
  return layout;
}

Status read_lastlog(Host& host, const std::vector<PasswdEntry>& accounts, const UtmpLayout& layout,
                    LoginHistory& history) {
  const auto status = host.status(kLastlog);
  if (!status && status.error().code() == Code::kNotFound) return {};
  if (!status) return fail(status.error());
  if (status->size_bytes == 0) return {};
  const auto found = lastlog_layout(status->size_bytes, layout);
  if (!found) return fail(found.error().within(std::string("reading ").append(kLastlog)));
  history.covers(std::string(kLastlog), {});
  std::vector<const PasswdEntry*> by_uid;
  for (const auto& account : accounts) by_uid.push_back(&account);
  std::ranges::sort(by_uid, {}, &PasswdEntry::uid);
  LastlogBlocks blocks(host, status->size_bytes, *found);
  for (const auto* account : by_uid) {
    const auto bytes = blocks.record(account->uid);
    if (!bytes) return fail(bytes.error());
    const auto record = read_lastlog_record(*bytes, *found);
    if (!record) continue;
    const auto added = history.add(account->name, {.time = record->time,
                                                   .tty = std::string(record->tty),
                                                   .host = std::string(record->host),
                                                   .source = std::string(kLastlog)});
    if (!added) return added;
  }
  return {};
}

}  // namespace assay::agent
