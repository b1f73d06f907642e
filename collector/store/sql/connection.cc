#include "collector/store/sql/connection.h"

#include <algorithm>
#include <utility>

namespace assay::collector::sql {

Statement::Statement(Statement&& other) noexcept : cursor_(std::exchange(other.cursor_, nullptr)) {}

Statement::~Statement() {
  if (cursor_ != nullptr) cursor_->release();
}

Status Statement::run() {
  auto row = step();
  if (!row) return fail(row.error());
  return {};
}

evidence::Seconds Statement::time(int column) const {
  return evidence::Seconds(std::chrono::seconds(integer(column)));
}

std::optional<evidence::Seconds> Statement::optional_time(int column) const {
  return is_null(column) ? std::nullopt : std::optional(time(column));
}

evidence::Digest Statement::digest(int column) const {
  evidence::Digest digest;
  const auto bytes = cursor_->bytes(column);
  // The schema's CHECK keeps every digest column at 32 bytes.
  if (bytes.size() == evidence::kDigestBytes)
    std::ranges::transform(bytes, digest.bytes.begin(),
                           [](char byte) { return static_cast<std::uint8_t>(byte); });
  return digest;
}

std::optional<evidence::Digest> Statement::optional_digest(int column) const {
  return is_null(column) ? std::nullopt : std::optional(digest(column));
}

void Statement::bind_one(const evidence::Digest& value) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes as characters
  cursor_->bind_bytes({reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size()});
}

}  // namespace assay::collector::sql
