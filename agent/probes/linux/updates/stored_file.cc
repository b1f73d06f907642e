#include "agent/probes/linux/updates/stored_file.h"

namespace assay::agent {
namespace {

std::string reading(std::string_view path) {
  return std::string("reading ").append(path);
}

}  // namespace

bool is_same_content(const FileStatus& before, const FileStatus& after) {
  return before.inode == after.inode && before.size_bytes == after.size_bytes &&
         before.modified_ns == after.modified_ns;
}

Result<StoredFile> StoredFile::open(Host& host, std::string path) {
  auto unpacker = unpacker_for(path);
  if (!unpacker) return fail(unpacker.error().within(reading(path)));
  const auto status = host.status(path);
  if (!status) return fail(status.error());
  return StoredFile(host, std::move(path), *std::move(unpacker), *status);
}

// Ranges of two files would make a third that never was.
Status StoredFile::check_unchanged() {
  const auto now = host_->status(path_);
  if (!now) return fail(now.error());
  if (!is_same_content(status_, *now))
    return fail(Code::kUnavailable, reading(path_) + ": replaced while it was read");
  return {};
}

Status StoredFile::refill() {
  auto bytes = host_->read_range(path_, offset_, kStoredPieceBytes);
  if (!bytes) return fail(std::move(bytes.error()));
  offset_ += bytes->size();
  packed_ = *std::move(bytes);
  unread_ = packed_;
  return {};
}

// Unpacks until there is something to show; nothing at the end of the file.
Status StoredFile::unpack_piece() {
  while (piece_.empty()) {
    if (unread_.empty())
      if (auto filled = refill(); !filled) return filled;
    const auto before = unread_.size();
    if (before == 0 && unpacker_->is_complete()) return check_unchanged();
    if (auto done = unpacker_->unpack(unread_, piece_); !done)
      return fail(done.error().within(reading(path_)));
    if (piece_.empty() && unread_.size() == before && (before != 0 || !unpacker_->is_complete()))
      return fail(Code::kInvalidData, reading(path_) + ": the compressed file is cut short");
  }
  return {};
}

Result<std::string_view> StoredFile::next() {
  piece_.clear();
  if (unpacker_) {
    if (auto done = unpack_piece(); !done) return fail(std::move(done.error()));
  } else {
    if (auto filled = refill(); !filled) return fail(std::move(filled.error()));
    piece_.swap(packed_);
    if (piece_.empty())
      if (auto same = check_unchanged(); !same) return fail(std::move(same.error()));
  }
  unpacked_ += piece_.size();
  if (unpacked_ > kMaxStoredFileBytes)
    return fail(Code::kTooLarge, reading(path_) + ": larger than the limit");
  return piece_;
}

Result<std::string> read_stored_file(Host& host, std::string path, std::size_t max_bytes) {
  auto file = StoredFile::open(host, path);
  if (!file) return fail(std::move(file.error()));
  std::string whole;
  while (true) {
    const auto piece = file->next();
    if (!piece) return fail(piece.error());
    if (piece->empty()) return whole;
    if (whole.size() + piece->size() > max_bytes)
      return fail(Code::kTooLarge, reading(path) + ": larger than the limit");
    whole += *piece;
  }
}

}  // namespace assay::agent
