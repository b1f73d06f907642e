#include "collector/store/postgres/array.h"

namespace assay::collector::postgres {
namespace {

constexpr std::uint32_t kNull = 0xffffffffU;

template <typename Number>
void append(std::string* out, Number value) {
  for (int shift = static_cast<int>(sizeof value) * 8 - 8; shift >= 0; shift -= 8)
    out->push_back(static_cast<char>((value >> shift) & 0xffU));
}

}  // namespace

void append_number(std::string* out, std::uint32_t value) {
  append(out, value);
}

void append_number(std::string* out, std::uint64_t value) {
  append(out, value);
}

void Array::add(std::int64_t value) {
  ++count_;
  append(&elements_, std::uint32_t{8});
  append(&elements_, static_cast<std::uint64_t>(value));
}

void Array::add(std::string_view value) {
  ++count_;
  append(&elements_, static_cast<std::uint32_t>(value.size()));
  elements_.append(value);
}

void Array::add(const evidence::Digest& value) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes as characters
  add(std::string_view(reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size()));
}

void Array::add(const std::optional<evidence::Digest>& value) {
  if (value)
    add(*value);
  else
    add_null();
}

void Array::add(const std::optional<std::int64_t>& value) {
  if (value)
    add(*value);
  else
    add_null();
}

void Array::add_null() {
  ++count_;
  has_null_ = true;
  append(&elements_, kNull);
}

unsigned Array::type() const {
  switch (element_) {
    case kBytea: return 1001;
    case kInt8: return 1016;
    default: return 1009;  // text[]
  }
}

std::string Array::bytes() const {
  std::string all;
  append(&all, std::uint32_t{count_ == 0 ? 0U : 1U});  // dimensions
  append(&all, std::uint32_t{has_null_ ? 1U : 0U});
  append(&all, static_cast<std::uint32_t>(element_));
  if (count_ > 0) {
    append(&all, count_);
    append(&all, std::uint32_t{1});  // the first index
  }
  return all + elements_;
}

}  // namespace assay::collector::postgres
