// A large file, maybe compressed, read piece by piece: never as a whole in memory.
//
// By the end of its name: .lz4, .gz, .xz, .zst, .bz2 and .zck are unpacked; .lzma is
// kNotSupported; all else is taken as it is. A file that is cut short, or that
// somebody replaces while it is read, is an error. Used by one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "agent/host/host.h"

namespace assay::agent {

inline constexpr std::uint64_t kMaxStoredFileBytes = std::uint64_t{1} << 30U;  // unpacked
inline constexpr std::size_t kStoredPieceBytes = 256U << 10U;

// Unpacks what it is fed. kInvalidData for bytes that are not of its format.
class Unpacker {
 public:
  virtual ~Unpacker() = default;
  // Takes bytes off `in`, appends at most about one piece to `out`.
  [[nodiscard]] virtual Status unpack(std::string_view& in, std::string& out) = 0;
  // Everything that was fed was a whole number of streams.
  [[nodiscard]] virtual bool is_complete() const = 0;
};
// Null for the name of a file that is not compressed.
[[nodiscard]] Result<std::unique_ptr<Unpacker>> unpacker_for(std::string_view path);

// Whether two looks at a path saw the same file, unchanged.
[[nodiscard]] bool is_same_content(const FileStatus& before, const FileStatus& after);

class StoredFile {
 public:
  // `host` must outlive this. kNotFound when there is no such file.
  [[nodiscard]] static Result<StoredFile> open(Host& host, std::string path);

  // The next piece, valid until the next call; empty at the end.
  [[nodiscard]] Result<std::string_view> next();

 private:
  StoredFile(Host& host, std::string path, std::unique_ptr<Unpacker> unpacker, FileStatus status)
      : host_(&host), path_(std::move(path)), unpacker_(std::move(unpacker)), status_(status) {}
  [[nodiscard]] Status refill();
  [[nodiscard]] Status unpack_piece();
  [[nodiscard]] Status check_unchanged();

  Host* host_;
  std::string path_;
  std::unique_ptr<Unpacker> unpacker_;
  FileStatus status_;
  std::uint64_t offset_ = 0;
  std::uint64_t unpacked_ = 0;
  std::string packed_;
  std::string_view unread_;  // of packed_
  std::string piece_;
};

// Feeds the whole of `path` to a scanner that has feed(piece) and finish(). Their errors are told
// within `context`.
template <typename Scanner>
Status scan_stored_file(Host& host, const std::string& path, Scanner& scanner,
                        const std::string& context) {
  auto file = StoredFile::open(host, path);
  if (!file) return fail(std::move(file.error()));
  while (true) {
    const auto piece = file->next();
    if (!piece) return fail(piece.error());
    if (piece->empty()) break;
    if (auto fed = scanner.feed(*piece); !fed) return fail(fed.error().within(context));
  }
  if (auto finished = scanner.finish(); !finished) return fail(finished.error().within(context));
  return {};
}

// The whole of a small one, unpacked.
[[nodiscard]] Result<std::string> read_stored_file(Host& host, std::string path,
                                                   std::size_t max_bytes);

}  // namespace assay::agent
