#include "agent/probes/linux/software/bytes/byte_source.h"

namespace assay::agent {
namespace {

constexpr std::size_t kWindows = 8;
constexpr std::size_t kLargeWindowBytes = 256U << 10U;
constexpr std::size_t kSmallWindowBytes = 16U << 10U;
constexpr std::uint64_t kStillInOrderBytes = 64U << 10U;

std::unexpected<Error> ends_early() {
  return fail(Code::kInvalidData, "the data ends before it should");
}

bool holds(std::uint64_t size, std::uint64_t offset, std::size_t length) {
  return length <= size && offset <= size - length;
}

}  // namespace

Result<std::string_view> MemoryBytes::at(std::uint64_t offset, std::size_t length) {
  if (!holds(size(), offset, length)) return ends_early();
  return bytes_.substr(static_cast<std::size_t>(offset), length);
}

Result<std::string_view> PartOfBytes::at(std::uint64_t offset, std::size_t length) {
  if (!holds(size_, offset, length)) return ends_early();
  return whole_.at(offset_ + offset, length);
}

Result<std::string_view> HostBytes::at(std::uint64_t offset, std::size_t length) {
  if (!holds(size_, offset, length)) return ends_early();
  ++uses_;
  for (auto& window : windows_) {
    if (offset < window.offset || !holds(window.bytes.size(), offset - window.offset, length))
      continue;
    window.last_use = uses_;
    return std::string_view(window.bytes)
        .substr(static_cast<std::size_t>(offset - window.offset), length);
  }
  return load(offset, length);
}

Result<std::string_view> HostBytes::load(std::uint64_t offset, std::size_t length) {
  const bool is_in_order =
      offset + length >= expected_next_ && offset <= expected_next_ + kStillInOrderBytes;
  const auto wanted = std::max(length, is_in_order ? kLargeWindowBytes : kSmallWindowBytes);
  auto bytes = host_.read_range(path_, offset, wanted);
  if (!bytes) return fail(std::move(bytes.error()));
  if (bytes->size() < length) return ends_early();
  expected_next_ = offset + bytes->size();
  if (windows_.size() < kWindows) windows_.emplace_back();
  auto& window = *std::ranges::min_element(windows_, {}, &Window::last_use);
  window = Window{.offset = offset, .bytes = *std::move(bytes), .last_use = uses_};
  return std::string_view(window.bytes).substr(0, length);
}

}  // namespace assay::agent
